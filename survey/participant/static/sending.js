// Sends the answers through the outbox, and shows how it stands.
async function send() {
  showRefusal();
  record.waiting = true;
  delete record.refused;
  await save();
  document.getElementById("unsent").hidden = true;
  goTo(waitingStep);
  sendNow();
}

async function showOutcome() {
  const kept = await keptOf(id);
  if (!kept || isSent(kept)) return location.replace(`/${code}/${language}/${id}/receipt`);
  record.waiting = kept.waiting;
  if (!kept.refused) return showUnsent();
  if (kept.refused.status === 409) return submitAsPage(bar.send); // the server shows both versions
  if (kept.refused.status === 400) return location.reload(); // the questions have changed
  goTo(checkStep);
  showRefusal(kept.refused);
}

function showUnsent() {
  document.getElementById("unsent").hidden = false;
  document.getElementById("tried").textContent = new Date().toLocaleTimeString("en-GB").slice(0, 5);
}

// What a screen reader says beside the name: the error, if there is one, and the hint.
function describe(question, error) {
  const field = question.matches("fieldset") ? question : fieldsOf(question)[0];
  const hint = question.querySelector(":scope>.hint[id]");
  field?.setAttribute("aria-describedby", [error, hint].map(each => each?.id).filter(Boolean).join(" "));
  if (error && field !== question) field?.setAttribute("aria-invalid", "true");
  else field?.removeAttribute("aria-invalid");
}

// The server's words, at the top and at each question; without any, takes the last ones away.
function showRefusal(refused) {
  for (const old of page.querySelectorAll(".summary,.q>.error")) old.remove();
  for (const question of questions) describe(question);
  if (!refused) return;
  const list = make("ul");
  for (const [name, message] of Object.entries(refused.errors ?? {})) {
    const question = document.getElementById(`q-${name}`);
    const label = question.querySelector("legend,label");
    const error = make("p", { className: "error", id: `e-${name}` }, message);
    label.after(error);
    describe(question, error);
    list.append(make("li", {}, make("a", { href: `#${question.id}` }, ...label.cloneNode(true).childNodes), ` – ${message}`));
  }
  const box = make("div", { className: "summary", id: "summary", tabIndex: -1, role: "alert" },
    make("h2", {}, refused.summary), make("p", {}, refused.advice), ...list.children.length ? [list] : []);
  page.querySelector("h1").after(box);
  box.focus();
  box.scrollIntoView();
}

// As without script: the browser loads the page that answers. Disabled fields go along for a
// language's page, which shows everything again.
let isPlain = false;
function submitAsPage(button) {
  isPlain = true;
  if (button !== bar.send) for (const field of page.querySelectorAll(":disabled[name]")) field.disabled = false;
  const address = (form.getAttribute("action") ?? location.pathname).split("#")[0];
  form.setAttribute("action", address + (button === bar.send ? "" : location.hash));
  form.requestSubmit(button);
}

// The same blank page in another language, where this phone's answers go in again.
async function changeLanguage(button) {
  if (!isKiosk && isBlankPage && await save()) {
    location.assign(`/${code}/${button.value}/${id}${location.hash}`);
  } else {
    submitAsPage(button);
  }
}
