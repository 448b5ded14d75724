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

// The code stands here at once; the page that says more comes as soon as the server gives it.
function showReceipt(receipt) {
  const address = `/${code}/${language}/${id}/receipt`, link = storedStep.querySelector("a");
  record = { id, code, isStored: true };
  say();
  storedStep.querySelector("bdi").textContent = receipt;
  link.href = address;
  followAddress(true);
  fetch(address, { method: "HEAD" }).then(() => location.replace(address), () => {});
}

async function showOutcome({ refused, receipt, said }) {
  if (receipt) return showReceipt(receipt);
  const kept = await keptOf(id);
  if (!kept || isSent(kept)) return showReceipt(kept?.receipt ?? "");
  record.waiting = kept.waiting;
  if (kept.refused === 400) return location.reload(); // the questions have changed
  if (refused) return submitAsPage(toSend); // the server's page says what to do
  if (said) unsent.textContent = said;
  unsent.hidden = false;
}

// As without script: the browser loads the page that answers. A language's page shows everything
// again, what is disabled too.
let isPlain = false;
function submitAsPage(button) {
  const isLanguage = button !== toSend;
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
  const isKept = !isKiosk && isBlankPage && await save();
  const address = `/${code}/${button.value}/${id}`;
  try { // first, or a browser's own page would stand where her answers were
    await fetch(address, isKept ? {} : { method: "HEAD", cache: "no-store" });
  } catch {
    unreachable.hidden = false;
    return;
  }
  if (isKept) location.assign(address + location.hash);
  else submitAsPage(button);
}
