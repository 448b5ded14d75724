// Small help while answering: choices that stand alone, the text beside "other", totals, order.
function keepAlone(question, changed) {
  const boxes = [...question.querySelectorAll("[type=checkbox]")];
  if (!changed.checked) return;
  const isMissing = box => box.closest(".missing");
  for (const box of boxes) {
    if (box !== changed && (changed.matches("[data-alone]") || box.matches("[data-alone]"))) box.checked = false;
  }
  if (isMissing(changed)) {
    for (const field of fieldsOf(question)) if (!isMissing(field)) setValue(field, "");
    question.dispatchEvent(new Event("emptied"));
  }
}

function setValue(field, value) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = false;
  else field.value = value;
}

function answeredInstead(question, changed) {
  if (changed.closest(".missing") || !isChosen(changed)) return;
  for (const box of question.querySelectorAll(".missing input")) box.checked = false;
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

function showSum(question) {
  const fields = answerFields(question);
  const sum = fields.reduce((total, field) => total + (numberIn(field.value, WHOLE) ?? 0), 0);
  const output = question.querySelector("output");
  output.textContent = sum;
  output.closest(".sum").classList.toggle("good", sum === +question.dataset.total);
}

function addSteppers(question) {
  const step = Math.max(1, Math.round(question.dataset.total / 20));
  for (const input of question.querySelectorAll(".numbers input")) {
    const share = document.createElement("span");
    share.className = "share";
    input.replaceWith(share);
    const name = input.labels[0]?.textContent ?? "";
    share.append(stepper(input, -step, "−", name), input, stepper(input, step, "+", name));
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
