// Reads the page's answers under the names that expressions use (survey/response.py: values_of).
const fieldsOf = question => [...question.querySelectorAll("[name]")];
const partOf = (question, field) => field.name.slice(question.id.length); // "q-o3" → "o3__"
const isBox = field => field.type === "radio" || field.type === "checkbox";
const isChosen = field => isBox(field) ? field.checked : cleanText(field.value) !== "";
const answerFields = question => fieldsOf(question)
  .filter(field => !field.matches(".other,.missing input") && isChosen(field));

const byPart = read => (question, fields, values) => {
  for (const field of fields) values[field.name] = read(field.value);
};
const single = read => (question, fields, values, name) => {
  if (fields.length) values[name] = read(fields[0].value);
};
const READ = {
  text: single(cleanText),
  integer: single(text => numberIn(text, WHOLE)),
  decimal: single(text => numberIn(text, DECIMAL)),
  date: single(text => text),
  select_one: single(text => text),
  select_multiple: (question, fields, values, name) => { values[name] = fields.map(field => field.value); },
  rank: (question, fields, values, name) => {
    values[name] = fields.map(field => [numberIn(field.value, WHOLE), partOf(question, field)])
      .sort((a, b) => a[0] - b[0]).map(pair => pair[1]);
  },
  matrix: byPart(text => text),
  vote: byPart(text => text),
  allocation: (question, fields, values) => {
    if (!fields.length) return; // blanks beside filled shares are nought
    for (const field of fieldsOf(question)) {
      if (!field.closest(".missing")) values[field.name] = isChosen(field) ? numberIn(field.value, WHOLE) : 0;
    }
  },
};

function readInto(values, question) {
  const name = question.id.slice(2);
  const missing = question.querySelector(".missing input:checked");
  if (missing) {
    if (question.dataset.type === "rank") values[name] = [missing.value];
    return;
  }
  READ[question.dataset.type]?.(question, answerFields(question), values, name);
  const other = question.querySelector(".other");
  if (other && !other.hidden && cleanText(other.value)) values[other.name] = cleanText(other.value);
}
