// Ranking by tapping in order: each number field becomes a button that takes the next place.
function rankByTapping(question) {
  for (const label of question.querySelectorAll(".numbers label")) {
    const input = label.querySelector("input"), words = label.querySelector("span");
    const button = make("button", {
      type: "button",
      className: "choice",
      value: input.name.split("__")[1],
      onclick: () => takePlace(question, button),
    }, make("b", {}), words);
    input.type = "hidden";
    input.setAttribute("aria-label", wordsOf(words));
    label.replaceWith(button, input);
  }
}

const placeOf = button => numberIn(button.nextSibling.value, WHOLE) ?? 0;
const rankedOf = question => [...question.querySelectorAll(".choice")].filter(placeOf).sort((a, b) => placeOf(a) - placeOf(b));

function takePlace(question, button) {
  const ranked = rankedOf(question);
  const rest = ranked.filter(each => each !== button);
  if (rest.length === ranked.length) rest.push(button);
  button.nextSibling.value = "";
  rest.forEach((each, place) => { each.nextSibling.value = place + 1; });
  tellChanged(button.nextSibling);
}

function showRanks(question) {
  const ranked = rankedOf(question);
  const isFull = ranked.length >= (question.dataset.max ?? Infinity);
  for (const button of question.querySelectorAll(".choice")) {
    const place = ranked.indexOf(button) + 1;
    button.firstChild.textContent = place || "";
    button.setAttribute("aria-pressed", place > 0);
    button.disabled = button.nextSibling.disabled || !place && isFull;
  }
}
