// Finds a place or a choice in a long list, however it is spelt.
function isLike(words, typed) {
  const core = bones(typed);
  return fold(words).includes(fold(typed)) || core.length > 2 && bones(words).includes(core);
}

function offerSearch(question) {
  const search = question.querySelector("[type=search]");
  if (!search) return;
  const select = question.querySelector("select");
  const found = make("div", {});
  search.after(found);
  search.addEventListener("input", () => {
    if (!select) return narrow(question, search.value);
    const options = fold(search.value) ? [...select.options] : [];
    found.replaceChildren(...options.filter(option => option.value && !option.disabled && isLike(option.text, search.value))
      .sort((a, b) => bones(a.text).length - bones(b.text).length) // the nearest first
      .map(option => make("button", { type: "button", className: "choice", onclick: () => choose(option) }, option.text)));
  });
  function choose(option) {
    option.selected = true;
    search.value = "";
    found.replaceChildren();
    select.focus();
    select.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// What is chosen stays in sight.
function narrow(question, typed) {
  for (const item of question.querySelectorAll(".list>label,.list>.choice")) {
    const isChosen = item.matches("[aria-pressed=true]") || item.querySelector(":checked");
    item.classList.toggle("away", !isChosen && !isLike(wordsOf(item), typed));
  }
}
