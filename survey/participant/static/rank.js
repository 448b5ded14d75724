// Ranking by tapping in order: each number field becomes a button that takes the next place.
function rankByTapping(question) {
  const most = +question.dataset.max || Infinity;
  const items = [...question.querySelectorAll(".numbers label")].map(label => {
    const input = label.querySelector("input");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "choice";
    const badge = document.createElement("b");
    button.append(badge, label.querySelector("span"));
    input.type = "hidden";
    label.replaceWith(button, input);
    return { input, button, badge };
  });
  const ranked = items.filter(item => numberIn(item.input.value, WHOLE))
    .sort((a, b) => numberIn(a.input.value, WHOLE) - numberIn(b.input.value, WHOLE));

  const isAside = () => question.querySelector(".missing input:checked") !== null;

  function show() {
    for (const item of items) {
      const place = ranked.indexOf(item) + 1;
      item.input.value = item.badge.textContent = place || "";
      item.button.setAttribute("aria-pressed", place > 0);
      item.button.disabled = isAside() || !place && ranked.length >= most;
    }
  }
  for (const item of items) {
    item.button.addEventListener("click", () => {
      const place = ranked.indexOf(item);
      if (place >= 0) ranked.splice(place, 1);
      else ranked.push(item);
      show();
      item.input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  question.addEventListener("aside", show);
  show();
}
