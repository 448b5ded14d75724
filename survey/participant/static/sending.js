// Sends the answers through the outbox, and shows how it stands.
const needed = document.getElementById("needed"), unsent = document.getElementById("unsent");

// The first question that must be answered and is not; its place says so.
function findNeeded() {
  const question = asked().find(each => each.dataset.needed && !answerLines(each).length);
  needed.hidden = !question;
  if (question) labelOf(question).after(needed);
  return question;
}

async function send() {
  const question = findNeeded();
  if (question) return goTo(question);
  record.waiting = true;
  delete record.refused;
  unsent.hidden = true;
  goTo(waitingStep);
  await save();
  sendNow();
}

async function showOutcome({ refused, said }) {
  const kept = await keptOf(id);
  if (!kept || isSent(kept)) return location.replace(`/${code}/${language}/${id}/receipt`);
  record.waiting = kept.waiting;
  if (kept.refused === 400) return location.reload(); // the questions have changed
  if (refused) return submitAsPage(bar.send); // the server's page says what to do
  if (said) unsent.textContent = said;
  unsent.hidden = false;
}

// As without script: the browser loads the page that answers. A language's page shows everything
// again, what is disabled too.
let isPlain = false;
function submitAsPage(button) {
  const isLanguage = button !== bar.send;
  if (isLanguage) for (const field of page.querySelectorAll(":disabled[name]")) field.disabled = false;
  const address = form.getAttribute("action") ?? location.pathname;
  form.setAttribute("action", address + (isLanguage ? location.hash : ""));
  setTimeout(() => { // not within the event that asked for it
    isPlain = true;
    button.click();
    isPlain = false;
  });
}

// The same blank page in another language, where this phone's answers go in again.
async function changeLanguage(button) {
  if (!isKiosk && isBlankPage && await save()) {
    location.assign(`/${code}/${button.value}/${id}${location.hash}`);
  } else {
    fetch("", { method: "HEAD", cache: "no-store" }).then(() => submitAsPage(button), () => {}); // else nothing would be left
  }
}
