// Small help while answering: choices that stand alone, the text beside "other", totals, order.
function keepAlone(question, changed) {
  if (!changed.checked || changed.closest(".missing")) return;
  for (const box of question.querySelectorAll("[type=checkbox]")) {
    if (box !== changed && (changed.matches("[data-alone]") || box.matches("[data-alone]"))) box.checked = false;
  }
}

// "Don't know" sets the answer aside: it is not sent, but it is still there when she unticks it.
function setAside(question) {
  const missing = question.querySelector(".missing input:checked");
  for (const field of question.querySelectorAll("input,textarea,select,.share button")) {
    field.disabled = Boolean(missing) && field !== missing;
  }
}

function showOther(question) {
  const text = question.querySelector(".other");
  if (!text) return;
  const box = question.querySelector("[value=other]");
  if (cleanText(text.value) && !answerFields(question).length) box.checked = true;
  // Not sent while it is not asked, but kept for who changes her mind.
  text.hidden = text.disabled = !box.checked;
}

// A second tap on a chosen point takes it back: every question may be left blank.
let wasChecked;
page.addEventListener("pointerdown", event => {
  wasChecked = event.target.closest("label")?.querySelector("[type=radio]:checked");
});
page.addEventListener("click", event => {
  if (event.target === wasChecked) {
    wasChecked = undefined;
    takeBack(event.target);
  }
});

function takeBack(input) {
  input.checked = false;
  tellChanged(input);
}

// What the script changes counts like what she types.
function tellChanged(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// The same by keyboard: Space, Delete or Backspace on a chosen point.
page.addEventListener("keydown", event => {
  const input = event.target;
  if (!input.matches("[type=radio]:checked") || ![" ", "Delete", "Backspace"].includes(event.key)) return;
  event.preventDefault();
  takeBack(input);
});

// The points of a row lie open where script runs. They are made for one row, then copied.
function openRows(question) {
  const [, ...options] = question.querySelector("select").options;
  const pattern = make("div", { className: "chips" }, ...options.map(pointOf));
  for (const row of question.querySelectorAll(".row")) {
    const select = row.querySelector("select"), points = pattern.cloneNode(true);
    select.remove();
    for (const input of points.querySelectorAll("input")) {
      Object.assign(input, { name: select.name, checked: select.value === input.value });
    }
    row.replaceWith(make("fieldset", { className: "row" }, make("legend", {}, ...row.childNodes), points));
  }
}

const pointOf = ({ value, lang, text }) =>
  make("label", {}, make("input", { type: "radio", value }), make("bdi", lang && { lang }, text));

function showSum(question) {
  const fields = answerFields(question);
  const sum = fields.reduce((total, field) => total + (numberIn(field.value, WHOLE) ?? 0), 0);
  const output = question.querySelector(".sum output");
  output.textContent = sum;
  output.closest(".sum").classList.toggle("good", sum === +question.dataset.total);
}

// The buttons stand outside the label, or a tap on the words would press the first of them.
function addSteppers(question) {
  const step = Math.max(1, Math.round(question.dataset.total / 20));
  for (const label of question.querySelectorAll(".numbers label")) {
    const input = label.querySelector("input");
    const words = label.querySelector("span");
    input.setAttribute("aria-label", wordsOf(words));
    const share = make("span", { className: "share" }, stepper(input, -step, "−"), input, stepper(input, step, "+"));
    label.replaceWith(make("div", {}, words, share));
  }
}

function stepper(input, step, sign) {
  const button = make("button", { type: "button" }, sign);
  button.setAttribute("aria-label", `${sign} ${Math.abs(step)} ${input.getAttribute("aria-label")}`);
  button.addEventListener("click", () => {
    input.value = Math.max(0, (numberIn(input.value, WHOLE) ?? 0) + step);
    tellChanged(input);
  });
  return button;
}

// A new line as soon as the last one has something in it.
function growLines(question) {
  let isNext = true;
  for (const line of question.querySelectorAll("li")) {
    const hasWords = isChosen(line.firstElementChild);
    line.hidden = !hasWords && !isNext;
    isNext = hasWords;
  }
}

// The order each phone shows differs, and stays the same for one response.
function shuffle(question) {
  let seed = [...id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0) >>> 0, 7);
  const random = () => (seed = seed * 1664525 + 1013904223 >>> 0) / 2 ** 32;
  const items = [...question.querySelectorAll(".row,.list>label")].filter(item => !item.querySelector("input[value=other],input[value=dk],input[value=na],[data-alone]"));
  const places = items.map(item => {
    const place = document.createComment("");
    item.replaceWith(place);
    return place;
  });
  for (const place of places) place.replaceWith(...items.splice(Math.floor(random() * items.length), 1));
}
