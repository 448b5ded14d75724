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

page.addEventListener("input", event => {
  const question = event.target.closest(".q");
  if (!question) return;
  if (event.target.type === "checkbox") keepAlone(question, event.target);
  update();
});
page.addEventListener("change", update);
page.addEventListener("click", event => {
  const button = event.target.closest(".next,.back");
  if (button) turn(button);
});
// Enter in a field must not send a form that is half answered.
page.addEventListener("keydown", event => {
  if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
});
// A page in another language opens at the same section, with everything that was typed.
const form = page.closest("form");
form.addEventListener("submit", event => {
  const isLanguage = event.submitter?.name === "_language";
  if (isLanguage) for (const field of page.querySelectorAll(":disabled[name]")) field.disabled = false;
  const address = (form.getAttribute("action") ?? location.pathname).split("#")[0];
  form.setAttribute("action", address + (isLanguage ? location.hash : ""));
});
for (const button of page.querySelectorAll(".next,.back")) button.hidden = false;
addEventListener("hashchange", () => followAddress(true));
addEventListener("pageshow", update);
update();
const summary = document.getElementById("summary");
followAddress(false);
if (summary) summary.focus();
