// The sheet for paper forms: says what each code means, skips what is not asked, Enter goes on.
// The rules of codes are those of survey/form/paper.py, which has the last word.
const sheet = document.getElementById("sheet");
const questions = [...sheet.querySelectorAll(".q")].map(box => ({
  box,
  name: box.dataset.name,
  type: box.dataset.type,
  tree: box.dataset.if && JSON.parse(box.dataset.if),
  known: JSON.parse(box.dataset.known),
  wrong: box.dataset.wrong,
  inputs: [...box.querySelectorAll(".entry:not(.other) [name]")],
  other: box.querySelector(".other [name]"),
}));
const conditions = JSON.parse(sheet.dataset.conditions);
// The day in the workshop's time zone, as the server counts it; en-CA writes it as ISO does.
const days = new Intl.DateTimeFormat("en-CA", { timeZone: sheet.dataset.timezone, year: "numeric", month: "2-digit", day: "2-digit" });

const LONG = ["select_multiple", "rank"], CODED = [...LONG, "select_one", "matrix", "vote"];
const codeIn = (known, text) => known.codes?.[western(text)] ?? known.codes?.[western(text).toLowerCase()];

// The places that are called like this, else those whose names begin so, else spelt otherwise.
function placesNamed(known, text) {
  const plain = fold(text);
  if (!known.spelt || plain.length < 3) return [];
  const core = bones(text);
  for (const fits of [name => name === plain, name => name.startsWith(plain), name => core.length > 2 && bones(name) === core]) {
    const found = Object.keys(known.spelt).filter(name => known.spelt[name].some(fits));
    if (found.length) return found;
  }
  return [];
}

// What is typed on a line: the names of its choices, and what to show.
function readCodes(question, input) {
  const text = cleanText(input.value);
  const names = [], words = [];
  let isUnknown = false;
  for (const each of LONG.includes(question.type) ? text.split(/[\s,;،؛]+/) : [text]) {
    if (!each) continue;
    const places = placesNamed(question.known, each);
    const name = codeIn(question.known, each) ?? (places.length === 1 ? places[0] : undefined);
    isUnknown ||= name === undefined || names.includes(name);
    if (name !== undefined) {
      names.push(name);
      words.push(question.known.words[name]);
    } else if (places.length) words.push(...places.slice(0, 6).map((place, at) => `${at ? "" : sheet.dataset.several} ${place} ${question.known.words[place]}`));
    else words.push(`${each}: ${sheet.dataset.unknown}`);
  }
  return { names, words, isUnknown };
}

function show(input, words, isUnknown) {
  const output = input.parentElement.querySelector("output");
  output.classList.toggle("unknown", isUnknown);
  output.replaceChildren(...words.map(word => Object.assign(document.createElement("span"), { textContent: word })));
}

// Don't know or not concerned, typed on any line, is for the whole question.
const isMissing = (question, text) => ["dk", "na"].includes(text) && text in (question.known.codes ?? {});

const DAY_FIRST = /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$/;
function dayIn(text) {
  const parts = DAY_FIRST.exec(western(text));
  return parts ? [parts[3], parts[2].padStart(2, "0"), parts[1].padStart(2, "0")].join("-") : western(text);
}
const whole = text => numberIn(text, WHOLE);
const NUMBERS = { integer: whole, allocation: whole, decimal: text => numberIn(text, DECIMAL) };
const READ = { ...NUMBERS, text: cleanText, date: dayIn };

// What expressions see of a question; its lines say what they mean on the way.
function see(question) {
  const values = {};
  if (CODED.includes(question.type)) {
    const read = question.inputs.map(input => readCodes(question, input));
    read.forEach(({ words, isUnknown }, place) => show(question.inputs[place], words, isUnknown));
    const chosen = read.flatMap(({ names }) => names);
    if (LONG.includes(question.type)) values[question.name] = chosen;
    else read.forEach(({ names }, place) => { if (names.length) values[question.inputs[place].name] = names[0]; });
    if (question.other) {
      const isWritten = cleanText(question.other.value) !== "";
      if (isWritten && !chosen.length) values[question.name] = question.type === "select_one" ? "other" : ["other"];
      question.other.closest(".other").hidden = !chosen.includes("other") && !isWritten;
      if (isWritten) values[question.other.name] = cleanText(question.other.value);
    }
    return values;
  }
  const texts = question.inputs.map(input => {
    const text = cleanText(input.value);
    return ["text", "statements"].includes(question.type) ? text : western(text).toLowerCase();
  });
  texts.forEach((text, place) => {
    const isWrong = question.wrong && text && !isMissing(question, text) && NUMBERS[question.type](text) === null;
    show(question.inputs[place], isWrong ? [question.wrong] : isMissing(question, text) ? [question.known.words[text]] : [], isWrong);
  });
  if (texts.some(text => isMissing(question, text)) || !texts.some(text => text)) return values;
  if (question.type === "allocation") question.inputs.forEach((input, place) => { values[input.name] = texts[place] ? numberIn(texts[place], WHOLE) : 0; });
  else if (READ[question.type]) values[question.name] = READ[question.type](question.inputs[0].value);
  return values;
}

// In the order asked, so that what follows from a skipped question is skipped, too.
function refresh() {
  const scope = { values: {}, conditions, today: days.format() };
  for (const question of questions) {
    const isAsked = !question.tree || evaluate(question.tree, scope) === true;
    question.box.classList.toggle("away", !isAsked);
    question.box.querySelector(".skipped").hidden = isAsked;
    for (const input of question.box.querySelectorAll("[name]")) input.disabled = !isAsked;
    const values = see(question);
    if (isAsked) Object.assign(scope.values, values);
  }
}

// Enter goes on: to the next line that is asked, at last to the button that saves.
function go(from, step) {
  const places = [...sheet.querySelectorAll(".entry [name],.save button")].filter(each => !each.disabled && each.checkVisibility());
  const next = places[places.indexOf(from) + step];
  next?.focus();
  next?.select?.();
}
sheet.addEventListener("keydown", event => {
  const { target, shiftKey } = event;
  const isButton = target.matches(".save button");
  if (event.key !== "Enter" || event.isComposing || !(isButton || target.matches(".entry [name]"))) return;
  if (shiftKey && target.matches("textarea")) return; // a new line within a long text
  const saves = event.ctrlKey || event.metaKey;
  if (isButton && !saves && !shiftKey) return; // it is pressed
  event.preventDefault();
  if (saves) sheet.requestSubmit(isButton ? target : sheet.querySelector(".save .main"));
  else go(target, shiftKey ? -1 : 1);
});
sheet.addEventListener("input", refresh);
// A second press while the first is under way.
sheet.addEventListener("submit", event => {
  if (sheet.dataset.sent) event.preventDefault();
  sheet.dataset.sent = "1";
});
addEventListener("pageshow", event => {
  delete sheet.dataset.sent;
  if (event.persisted) refresh();
});
refresh();
