// Puts the parts to work on the form.
document.documentElement.classList.add("js");
const PREPARE = { rank: rankByTapping, allocation: addSteppers };
const SHOW = { rank: showRanks, allocation: showSum, statements: growLines };
for (const question of questions) {
  question.tabIndex = -1;
  if (question.dataset.order) shuffle(question);
  PREPARE[question.dataset.type]?.(question);
  offerSearch(question);
}

function update() {
  for (const question of questions) {
    showOther(question);
    if (question.querySelector(".missing")) setAside(question);
    SHOW[question.dataset.type]?.(question);
  }
  refresh();
}

function changed(event) {
  if (!event.target.closest(".q") || !event.target.name) return;
  if (event.type === "input" && event.target.type === "checkbox") keepAlone(event.target.closest(".q"), event.target);
  update();
  needed.hidden = true;
  record.waiting = false; // what is being corrected is not sent meanwhile
  save();
}
page.addEventListener("input", changed);
page.addEventListener("change", changed);
// Enter in a field must not send a form that is half answered; among lines it goes on to the next.
page.addEventListener("keydown", event => {
  if (event.key !== "Enter" || !event.target.matches("input")) return;
  event.preventDefault();
  event.target.closest("li")?.nextElementSibling?.firstElementChild.focus();
});
form.addEventListener("submit", event => {
  if (isPlain) return;
  event.preventDefault();
  if (event.submitter?.name === "_language") changeLanguage(event.submitter);
  else send();
});
bar.next.addEventListener("click", () => turn(1));
bar.back.addEventListener("click", () => turn(-1));
document.getElementById("again").addEventListener("click", sendNow);
document.getElementById("correct")?.addEventListener("click", () => goTo(checkStep));
document.getElementById("empty")?.addEventListener("click", startEmpty);
for (const box of page.querySelectorAll(".hand-over")) offerHandOver(box, snapshot);
addEventListener("hashchange", () => followAddress(true));
addEventListener("outbox", event => event.detail === id && showOutcome());

// What another tab changed, or sent, shows here too.
async function catchUp() {
  const kept = await keptOf(id);
  if (kept && kept.at > (record.at ?? 0)) await start();
}

async function start() {
  page.inert = true;
  if (!isKiosk) await restore();
  page.inert = false;
  update();
  followAddress(false);
  if (record.waiting) goTo(waitingStep);
  else if (record.refused) goTo(checkStep);
}
start().then(() => document.getElementById("summary")?.focus());
if (!isKiosk) {
  addEventListener("pageshow", event => event.persisted && catchUp());
  document.addEventListener("visibilitychange", () => document.hidden || catchUp());
}
