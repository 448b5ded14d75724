// Stands in for all that keeps and sends answers: in a preview nothing leaves the page.
const form = page.closest("form");
const isKiosk = false, isBlankPage = true, isPlain = false;
const id = "preview", record = {};
const needed = document.getElementById("needed");
const notSent = document.getElementById("not-sent");

const nothing = () => {};
const save = async () => false;
const keptOf = async () => undefined;
const restore = async () => {};
const sendNow = nothing, offerHandOver = nothing, changeLanguage = nothing, showOutcome = nothing;

function send() {
  const question = asked().find(each => each.dataset.needed && !answerLines(each).length);
  needed.hidden = !question;
  if (question) {
    labelOf(question).after(needed);
    return goTo(question);
  }
  notSent.hidden = false;
  notSent.scrollIntoView();
}
