// Keeps what a page shows live as it is on the server: asks every four seconds, seldom when nobody
// sees the page, and less and less often while the server does not answer.
const now = document.getElementById("now");
const stale = document.getElementById("stale");
const told = document.getElementById("told");
const full = document.getElementById("full");
const SECOND = 1000;
const SEEN = 4 * SECOND, HIDDEN = 30 * SECOND, MOST = 60 * SECOND, QUIET = 30 * SECOND;

let tag = now.dataset.tag;
let misses = 0;
let heard = new Date();
let spoken = 0;
let timer;
let isAsking = false;
let asksAgain = false;

async function ask() {
  if (isAsking) {
    asksAgain = true;
    return;
  }
  isAsking = true;
  clearTimeout(timer);
  try {
    const reply = await fetch(now.dataset.address, {
      headers: { "If-None-Match": tag },
      cache: "no-store",
      redirect: "manual", // to the sign-in: no news either
      signal: AbortSignal.timeout(10 * SECOND),
    });
    if (reply.status === 200) {
      const focused = document.activeElement.id;
      now.innerHTML = await reply.text();
      document.getElementById(focused)?.focus();
      tag = reply.headers.get("ETag");
    } else if (reply.status !== 304) {
      throw new Error(reply.status);
    }
    misses = 0;
    heard = new Date();
  } catch {
    misses++;
  }
  showMisses();
  tell();
  isAsking = false;
  if (asksAgain) {
    asksAgain = false;
    return ask();
  }
  const pause = document.hidden ? HIDDEN : SEEN;
  timer = setTimeout(ask, Math.min(MOST, pause * 2 ** misses));
}

// One lost reply is nothing to speak of.
function showMisses() {
  if (misses === 2) {
    const since = [heard.getHours(), heard.getMinutes()].map(part => String(part).padStart(2, "0"));
    document.getElementById("since").textContent = since.join(":");
  }
  stale.hidden = misses < 2;
}

// Screen readers hear the one most important thing when it has changed, at most every half minute.
let lastSaid = now.querySelector("[data-said]").dataset.said;
function tell() {
  const said = now.querySelector("[data-said]").dataset.said;
  if (said === lastSaid || Date.now() - spoken < QUIET) return;
  told.textContent = lastSaid = said;
  spoken = Date.now();
}

document.addEventListener("visibilitychange", () => document.hidden || ask());
addEventListener("online", ask);
timer = setTimeout(ask, SEEN);

if (full && document.fullscreenEnabled) {
  full.hidden = false;
  full.onclick = () => document.documentElement.requestFullscreen();
  document.onfullscreenchange = () => { full.hidden = !!document.fullscreenElement; };
}
