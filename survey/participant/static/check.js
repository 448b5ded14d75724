// Shows all answers once more before they are sent, each question a link to its place.
const labelOf = question => question.querySelector("legend,label");

function answerOf(field) {
  if (isBox(field)) return wordsOf(field.closest("label"));
  return field.matches("select") ? wordsOf(field.selectedOptions[0]) : cleanText(field.value);
}

// With what stands before it: the row of a matrix, the words beside a number.
function answerLine(field) {
  const before = wordsOf(field.closest(".row")?.querySelector("legend")) || field.getAttribute("aria-label");
  return before ? `${before}: ${answerOf(field)}` : answerOf(field);
}

function answerLines(question) {
  const missing = question.querySelector(".missing :checked");
  if (missing) return [answerOf(missing)];
  const fields = answerFields(question);
  if (question.dataset.type === "rank") {
    return fields.sort((a, b) => a.value - b.value).map(field => `${field.value}. ${field.getAttribute("aria-label")}`);
  }
  const others = [...question.querySelectorAll(".other:enabled")].filter(isChosen);
  return [...fields, ...others].map(answerLine);
}

function showAnswers() {
  const list = document.getElementById("answers");
  list.replaceChildren(...asked().map(question => {
    const lines = answerLines(question);
    return make("div", {},
      make("dt", {}, make("a", { href: `#${question.id}` }, ...labelOf(question).cloneNode(true).childNodes)),
      ...(lines.length ? lines : ["–"]).map(line => make("dd", {}, make("bdi", {}, line))));
  }));
}
