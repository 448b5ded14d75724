// How many sit at the table, by buttons too.
const people = document.getElementById("i-_people");

function peopleButton(by, sign, label) {
  const button = make("button", {
    type: "button",
    onclick() {
      people.value = Math.max(1, (numberIn(people.value, WHOLE) ?? 0) + by);
      people.dispatchEvent(new Event("input", { bubbles: true }));
    },
  }, sign);
  button.setAttribute("aria-label", `${sign} 1 ${label}`);
  return button;
}

const peopleLabel = wordsOf(labelOf(people.closest(".q")));
const peopleBox = make("span", { className: "share" });
people.replaceWith(peopleBox);
peopleBox.append(peopleButton(-1, "\u2212", peopleLabel), people, peopleButton(1, "+", peopleLabel));
