// The projector's keys: onwards and back in the direction of reading, down to reveal and to split by
// group, up for the way back.
// Buttons are sent without leaving the page, so that it stays full screen.
const isRtl = document.documentElement.dir === "rtl";
const KEYS = {
  [isRtl ? "ArrowLeft" : "ArrowRight"]: "next",
  [isRtl ? "ArrowRight" : "ArrowLeft"]: "previous",
  PageDown: "next",
  PageUp: "previous",
  ArrowDown: "down",
  ArrowUp: "up",
};

addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const button = document.getElementById(KEYS[event.key] ?? "");
  const page = document.documentElement;
  const scrolls = page.scrollHeight > page.clientHeight + 1;
  if (!button || (scrolls && /Up|Down/.test(event.key))) return;
  event.preventDefault();
  button.click();
});

document.addEventListener("submit", async event => {
  event.preventDefault();
  const form = event.target;
  try {
    const sent = new URLSearchParams(new FormData(form));
    const reply = await fetch(form.action, { method: "POST", body: sent, redirect: "manual" });
    if (reply.type !== "opaqueredirect") form.submit(); // its page says what is wrong
  } catch {} // the page says itself when the server does not answer
  ask();
});

// As large as fits on the screen: the last row of the room reads it, and nothing is cut off.
const LARGEST = 20, SMALLEST = 8; // tenths of the page's letters
function fit() {
  const chart = document.querySelector(".chart");
  const page = document.documentElement;
  for (let size = LARGEST; chart && size >= SMALLEST; size--) {
    chart.style.fontSize = `${size / 10}rem`;
    if (page.scrollHeight <= page.clientHeight) break;
  }
}
new MutationObserver(fit).observe(now, { childList: true });
addEventListener("resize", fit);
document.fonts.ready.then(fit);
