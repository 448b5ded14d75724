// One section a screen. The address keeps the section, so that the back button goes one back.
const steps = [...page.querySelectorAll(".step")];
const [checkStep, waitingStep, storedStep] = steps.slice(-3);
const [toBack, toNext, toSend] = document.querySelectorAll(".bar button");
const toCheck = document.getElementById("to-check");

const unreachable = document.getElementById("unreachable");

const addressed = () => document.getElementById(location.hash.slice(1));

// Bit by bit, so that no tap waits for a long section, or for what it brings up, to be laid out.
async function layOut(step) {
  for (const part of step.querySelectorAll(":is(.q,.row,dl>div):not(.laid,[hidden])")) {
    await afterFrame();
    part.classList.add("laid");
  }
}

async function showStep(step, moveFocus) {
  if (moveFocus) page.scrollIntoView(); // first, while the browser still knows where all is
  for (const each of steps) each.classList.toggle("now", each === step);
  const ahead = steps.indexOf(checkStep) - steps.indexOf(step); // negative once it is sent
  const [onward, check] = toNext.children;
  toBack.hidden = step === steps[0];
  toBack.parentNode.hidden = ahead < 0;
  toNext.hidden = ahead === 0;
  toSend.hidden = ahead !== 0;
  onward.hidden = ahead === 1;
  check.hidden = ahead !== 1;
  toCheck.hidden = ahead < 2;
  for (const box of page.querySelectorAll(".hand-over")) box.open = false; // filled anew when it opens
  hush();
  unreachable.hidden = true;
  if (moveFocus) {
    if (record.fields && !record.waiting) save(); // the place where she is; never over what is on its way
    await afterFrame();
  }
  if (step === checkStep) showAnswers();
  layOut(step);
  if (!moveFocus) return;
  const question = addressed()?.closest(".q");
  if (!step.contains(question)) return step.querySelector("h2").focus({ preventScroll: true });
  question.classList.add("laid");
  question.focus();
  question.scrollIntoView();
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
