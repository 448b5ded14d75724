// Shows what is relevant, in the order asked, so that what follows from a hidden answer hides too.
// A question may bear any name, and a form's fields hide its own properties: so not the form itself.
const page = document.getElementById("page");
const questions = [...page.querySelectorAll(".q")];
const asked = () => questions.filter(question => !question.hidden && fieldsOf(question).length);
const parsed = text => text && JSON.parse(text);
const conditions = parsed(page.dataset.conditions);
const trees = new Map(questions.map(each => [each, { if: parsed(each.dataset.if), filter: parsed(each.dataset.filter) }]));

// The day in the workshop's time zone, as the server counts it; Swedish writes it as ISO does.
// Made where a question needs it: slow phones take long to learn of time zones.
let days;

const seen = new Map(); // of each question what expressions see of its answer
function see(question) {
  const values = {};
  readInto(values, question);
  seen.set(question, values);
}

// Returns what expressions see of all that is asked.
function refresh() {
  const scope = { values: {}, conditions, get today() {
    return (days ??= new Intl.DateTimeFormat("sv", { timeZone: page.dataset.timezone })).format();
  } };
  for (const question of questions) {
    const tree = trees.get(question);
    question.hidden = Boolean(tree.if) && evaluate(tree.if, scope) !== true;
    if (tree.filter) {
      filterChoices(question, tree.filter, scope);
      see(question);
    }
    if (!question.hidden) Object.assign(scope.values, seen.get(question));
  }
  return scope.values;
}

function filterChoices(question, tree, scope) {
  for (const item of question.querySelectorAll("[data-choice]")) {
    const choice = JSON.parse(item.dataset.choice);
    const isOffered = ["dk", "na", "other"].includes(choice.name) || evaluate(tree, { ...scope, choice }) === true;
    item.hidden = item.disabled = !isOffered; // some phones show hidden options: those are disabled
    if (isOffered) continue;
    if (item.matches("option")) item.selected = false;
    else item.querySelector("input").checked = false;
  }
}
