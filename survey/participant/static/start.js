// Puts the parts to work on the form.
document.documentElement.classList.add("js");
const PREPARE = { rank: rankByTapping, allocation: addSteppers, matrix: openRows, vote: openRows };
const SHOW = { rank: showRanks, allocation: showSum, statements: growLines };
for (const question of questions) {
  question.tabIndex = -1;
  if (question.dataset.order) shuffle(question);
  PREPARE[question.dataset.type]?.(question);
  offerSearch(question);
}

function update(changed = questions) {
  for (const question of changed) {
    showOther(question);
    if (question.querySelector(".missing")) setAside(question);
    SHOW[question.dataset.type]?.(question);
    see(question);
  }
  refresh();
}

function changed({ target }) {
  const question = target.closest(".q");
  if (!question || !target.name) return;
  if (target.type === "checkbox") keepAlone(question, target);
  update([question]);
  layOut(question.parentNode);
  needed.hidden = true;
  record.waiting = false; // what is being corrected is not sent meanwhile
  save();
}
page.addEventListener("input", changed);
// Enter in a field must not send a form that is half answered; among lines it goes on to the next.
page.addEventListener("keydown", event => {
  if (event.key !== "Enter" || !event.target.matches("input")) return;
  event.preventDefault();
  event.target.closest("li")?.nextElementSibling?.firstElementChild.focus();
});
form.addEventListener("submit", event => {
  if (isPlain) return;
  event.preventDefault();
  send();
});
for (const button of page.querySelectorAll("[name=_language]")) {
  button.addEventListener("click", event => {
    if (isPlain) return;
    event.preventDefault();
    changeLanguage(button);
  });
}
toNext.addEventListener("click", () => turn(1));
toBack.addEventListener("click", () => turn(-1));
document.getElementById("again").addEventListener("click", sendNow);
document.getElementById("correct")?.addEventListener("click", () => goTo(checkStep));
for (const box of page.querySelectorAll(".hand-over")) offerHandOver(box, () => [snapshot()]);
addEventListener("hashchange", () => followAddress(true));
addEventListener("outbox", ({ detail }) => detail.id === id && showOutcome(detail));
// A reload must not send the same again, which would bring back what was typed before.
if (!isBlankPage) history.replaceState(null, "", location.href);

// Storage that opened late: what it held is there again, with what was typed meanwhile.
async function catchUpLate() {
  const kept = await inStore("readonly", store => store.get(id)).catch(() => {});
  if (record.waiting) return; // checked, and on its way
  await start(kept, record.at ? snapshot().fields : []);
  if (record.fields) save();
}

// What another tab changed, or sent, shows here too.
async function catchUp() {
  const kept = await keptOf(id);
  if (kept && kept.at > (record.at ?? 0)) await start(kept);
}

async function start(kept, typed = []) {
  if (!isKiosk) await restore(kept, typed);
  update();
  followAddress(false);
  if (record.waiting && !waitingStep.matches(".now")) goTo(waitingStep);
  if (record.refused) goTo(checkStep);
}
async function open() {
  page.inert = true;
  await start(await keptOf(id));
  page.inert = false;
  document.getElementById("summary")?.focus();
}
open();
if (!isKiosk) {
  addEventListener("late", catchUpLate);
  addEventListener("pageshow", event => event.persisted && catchUp());
  document.addEventListener("visibilitychange", () => document.hidden || catchUp());
}
