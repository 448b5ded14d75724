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
  for (const box of question.querySelectorAll(".missing input")) box.disabled = Boolean(missing) && box !== missing;
  for (const field of question.querySelectorAll("input,textarea,select,.share button")) {
    if (!field.closest(".missing")) field.disabled = Boolean(missing);
  }
  question.dispatchEvent(new Event("aside"));
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
let wasChecked = null;
page.addEventListener("pointerdown", event => {
  const input = event.target.closest("label")?.querySelector("[type=radio]");
  wasChecked = input?.checked ? input : null;
});
page.addEventListener("click", event => {
  if (event.target === wasChecked) {
    wasChecked = null;
    event.target.checked = false;
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

// The same by keyboard: Space, Delete or Backspace on a chosen point.
page.addEventListener("keydown", event => {
  const input = event.target;
  if (input.type !== "radio" || !input.checked || ![" ", "Delete", "Backspace"].includes(event.key)) return;
  event.preventDefault();
  input.checked = false;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

function showSum(question) {
  const fields = answerFields(question);
  const sum = fields.reduce((total, field) => total + (numberIn(field.value, WHOLE) ?? 0), 0);
  const output = question.querySelector("output");
  output.textContent = sum;
  output.closest(".sum").classList.toggle("good", sum === +question.dataset.total);
}

// The buttons stand outside the label, or a tap on the words would press the first of them.
function addSteppers(question) {
  const step = Math.max(1, Math.round(question.dataset.total / 20));
  for (const label of question.querySelectorAll(".numbers label")) {
    const input = label.querySelector("input");
    const words = label.querySelector("span");
    const share = document.createElement("span");
    const name = words.textContent.trim();
    share.className = "share";
    input.setAttribute("aria-label", name);
    share.append(stepper(input, -step, "−", name), input, stepper(input, step, "+", name));
    const item = document.createElement("div");
    item.append(words, share);
    label.replaceWith(item);
  }
}

function stepper(input, step, sign, name) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = sign;
  button.setAttribute("aria-label", `${sign} ${Math.abs(step)} ${name}`.trim());
  button.addEventListener("click", () => {
    input.value = Math.max(0, (numberIn(input.value, WHOLE) ?? 0) + step);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return button;
}

// The order each phone shows differs, and stays the same for one response.
function shuffle(question) {
  let seed = [...location.pathname].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0) >>> 0, 7);
  const random = () => (seed = seed * 1664525 + 1013904223 >>> 0) / 2 ** 32;
  const items = [...question.querySelectorAll(".row,.list>label")].filter(item => !item.querySelector("[value=other],[value=dk],[value=na],[data-alone]") || item.matches(".row"));
  const places = items.map(item => {
    const place = document.createComment("");
    item.replaceWith(place);
    return place;
  });
  for (const place of places) place.replaceWith(...items.splice(Math.floor(random() * items.length), 1));
}
