// Shows all answers once more before they are sent, each question a link to its place.
const wordsOf = element => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

// What stands before an answer: the row of a matrix, the choice beside a share.
function partWords(field) {
  const row = field.closest(".row")?.querySelector("legend");
  return wordsOf(row ?? field.closest(".numbers>*")?.querySelector("span"));
}

function answerWords(field) {
  if (isBox(field)) return wordsOf(field.closest("label"));
  return field.matches("select") ? wordsOf(field.selectedOptions[0]) : cleanText(field.value);
}

function answerLines(question) {
  const missing = question.querySelector(".missing :checked");
  if (missing) return [answerWords(missing)];
  const fields = answerFields(question);
  if (question.dataset.type === "rank") {
    return fields.sort((a, b) => a.value - b.value)
      .map(field => `${field.value}. ${wordsOf(field.closest(".numbers>*")?.querySelector("span") ?? field.previousElementSibling.querySelector("span"))}`);
  }
  const others = [...question.querySelectorAll(".other")].filter(field => !field.disabled && isChosen(field));
  return [...fields, ...others].map(field => [partWords(field), answerWords(field)].filter(Boolean).join(": "));
}

function showAnswers() {
  const list = document.getElementById("answers");
  const asked = questions.filter(question => !question.hidden && fieldsOf(question).length);
  list.replaceChildren(...asked.flatMap(question => {
    const label = question.querySelector("legend,label").cloneNode(true);
    const lines = answerLines(question);
    return [
      make("dt", {}, make("a", { href: `#${question.id}` }, ...label.childNodes)),
      ...(lines.length ? lines : [list.dataset.blank]).map(line => make("dd", { dir: "auto" }, line)),
    ];
  }));
}
