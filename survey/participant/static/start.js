// Puts the parts to work on the form.
document.documentElement.classList.add("js");
for (const question of questions) {
  if (question.dataset.order) shuffle(question);
  if (question.dataset.type === "rank") rankByTapping(question);
  if (question.dataset.type === "allocation") addSteppers(question);
}

function update() {
  for (const question of questions) {
    showOther(question);
    if (question.querySelector(".missing")) setAside(question);
    if (question.dataset.type === "allocation") showSum(question);
  }
  refresh();
}

function changed() {
  update();
  record.waiting = false; // what is being corrected is not sent meanwhile
  save();
}

page.addEventListener("input", event => {
  const question = event.target.closest(".q");
  if (!question) return;
  if (event.target.type === "checkbox") keepAlone(question, event.target);
  changed();
});
page.addEventListener("change", event => event.target.closest(".q") && changed());
// Enter in a field must not send a form that is half answered.
page.addEventListener("keydown", event => {
  if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
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
document.getElementById("over")?.addEventListener("click", startOver);
document.getElementById("empty").addEventListener("click", startEmpty);
const handOver = waitingStep.querySelector("details");
if (handOver) offerHandOver(handOver, snapshot);
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
  if (record.refused) showRefusal(record.refused);
}
if (isKiosk) shareTablet();
start().then(() => document.getElementById("summary")?.focus());
if (!isKiosk) {
  addEventListener("pageshow", event => event.persisted && catchUp());
  document.addEventListener("visibilitychange", () => document.hidden || catchUp());
}
