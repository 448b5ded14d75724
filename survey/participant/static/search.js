// Finds a place or a choice in a long list, however it is spelt.
function isLike(words, typed) {
  const core = bones(typed);
  return fold(words).includes(fold(typed)) || core.length > 2 && bones(words).includes(core);
}

function offerSearch(question) {
  const search = question.querySelector("[type=search]");
  if (!search) return;
  const select = question.querySelector("select");
  const found = make("div", {}), count = make("output", { className: "hint" });
  search.after(count, found);
  search.addEventListener("input", () => {
    if (!select) return tell(narrow(question, search.value));
    const options = fold(search.value) ? [...select.options] : [];
    found.replaceChildren(...options.filter(option => option.value && !option.disabled && isLike(option.text, search.value))
      .sort((a, b) => bones(a.text).length - bones(b.text).length) // the nearest first
      .map(option => make("button", { type: "button", className: "choice", onclick: () => choose(option) }, option.text)));
    tell(found.children.length);
  });
  // Screen readers hear how many there are.
  function tell(number) {
    const { found, none } = page.dataset;
    count.textContent = !fold(search.value) ? "" : number ? `${found} ${number}` : none;
  }
  function choose(option) {
    option.selected = true;
    search.value = "";
    found.replaceChildren();
    tell();
    select.focus();
    tellChanged(select);
  }
}

// What is chosen stays in sight. Returns how many are found.
function narrow(question, typed) {
  return [...question.querySelectorAll(".list>:not(input)")].filter(item => {
    const isFound = isLike(wordsOf(item), typed);
    item.classList.toggle("away", !isFound && !item.matches("[aria-pressed=true]") && !fieldsOf(item).some(isChosen));
    return isFound;
  }).length;
}
