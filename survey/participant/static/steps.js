// One section a screen. The address keeps the section, so that the back button goes one back.
const steps = [...page.querySelectorAll(".step")];
const [checkStep, waitingStep, storedStep] = steps.slice(-3);
const [toBack, toNext, toSend] = document.querySelectorAll(".bar button");
const toCheck = document.getElementById("to-check");

const unreachable = document.getElementById("unreachable");

const addressed = () => document.getElementById(location.hash.slice(1));

// Bit by bit, so that no tap waits for a long section to be laid out.
async function layOut(step) {
  for (const part of step.querySelectorAll(".q,.row,dl>div")) {
    await afterFrame();
    part.classList.add("laid");
  }
}

function showStep(step, moveFocus) {
  for (const each of steps) each.classList.toggle("now", each === step);
  toBack.hidden = step === steps[0];
  toNext.hidden = step === checkStep;
  toSend.hidden = step !== checkStep;
  toBack.parentNode.hidden = [waitingStep, storedStep].includes(step);
  for (const box of page.querySelectorAll(".hand-over")) box.open = false; // filled anew when it opens
  hush();
  const [onward, check] = toNext.children;
  onward.hidden = !(check.hidden = steps[steps.indexOf(step) + 1] !== checkStep);
  if (step === checkStep) showAnswers();
  toCheck.hidden = onward.hidden || toBack.parentNode.hidden || step === checkStep;
  unreachable.hidden = true;
  layOut(step);
  if (!moveFocus) return;
  if (record.fields && !record.waiting) save(); // the place where she is; never over what is on its way
  const target = addressed();
  const focus = target !== step && step.contains(target) ? target : step.querySelector("h2");
  focus.focus({ preventScroll: true });
  (focus.matches("h2") ? page : focus).scrollIntoView();
}

function followAddress(moveFocus) {
  if (record.isStored) return showStep(storedStep, moveFocus); // they are not changed here any more
  const step = addressed()?.closest(".step") ?? steps[0];
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
