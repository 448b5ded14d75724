// One section a screen. The address keeps the section, so that the back button goes one back.
const steps = [...page.querySelectorAll(".step")];

function stepOf(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  return target && target.closest?.(".step");
}

function showStep(step, moveFocus) {
  for (const each of steps) each.classList.toggle("now", each === step);
  if (!moveFocus) return;
  const target = document.getElementById(location.hash.slice(1));
  const focus = target && target !== step ? target : step.querySelector("h2");
  focus.focus({ preventScroll: true });
  (focus.matches("h2") ? page : focus).scrollIntoView();
}

function followAddress(moveFocus) {
  showStep(stepOf(location.hash) || steps[0], moveFocus);
}

function turn(button) {
  const place = steps.indexOf(button.closest(".step"));
  const step = steps[place + (button.matches(".next") ? 1 : -1)];
  history.pushState(null, "", `#${step.id}`);
  followAddress(true);
}
