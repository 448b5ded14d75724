// One section a screen. The address keeps the section, so that the back button goes one back.
const steps = [...page.querySelectorAll(".step")];
const checkStep = document.getElementById("check"), waitingStep = document.getElementById("waiting");
const bar = { back: document.getElementById("back"), next: document.getElementById("next"), send: document.getElementById("send") };
const toCheck = document.getElementById("to-check");

function stepOf(hash) {
  const target = hash.length > 1 && document.getElementById(hash.slice(1));
  return target && target.closest?.(".step");
}

// Bit by bit, so that no tap waits for a long section to be laid out.
async function layOut(step) {
  for (const part of step.querySelectorAll(".q,.row,dl>div")) {
    await afterFrame();
    part.classList.add("laid");
  }
}

function showStep(step, moveFocus) {
  for (const each of steps) each.classList.toggle("now", each === step);
  bar.back.hidden = step === steps[0];
  bar.next.hidden = step === checkStep;
  bar.send.hidden = step !== checkStep;
  bar.back.closest("p").hidden = step === waitingStep;
  for (const box of page.querySelectorAll(".hand-over")) box.open = false; // filled anew when it opens
  hush();
  const [onward, check] = bar.next.children;
  onward.hidden = !(check.hidden = steps[steps.indexOf(step) + 1] !== checkStep);
  if (step === checkStep) showAnswers();
  toCheck.hidden = onward.hidden || [checkStep, waitingStep].includes(step);
  layOut(step);
  if (!moveFocus) return;
  if (record.fields && !record.waiting) save(); // the place where she is; never over what is on its way
  const target = document.getElementById(location.hash.slice(1));
  const focus = target && target !== step ? target : step.querySelector("h2");
  focus.focus({ preventScroll: true });
  (focus.matches("h2") ? page : focus).scrollIntoView();
}

function followAddress(moveFocus) {
  const step = stepOf(location.hash) || steps[0];
  showStep(step === waitingStep && !record.waiting ? checkStep : step, moveFocus);
}

// A step, or a question in one.
function goTo(place) {
  const address = `#${place.id}`;
  if (isKiosk) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  followAddress(true);
}

function turn(by) {
  goTo(steps[steps.findIndex(step => step.matches(".now")) + by]);
}
