// Keeps every change on this phone, and brings it back.
const form = page.closest("form");
let [, code, language, id] = (form.getAttribute("action") ?? location.pathname).split("/");
const isKiosk = page.hasAttribute("data-kiosk");
let revision = page.querySelector("[name=_revision]");
let record = { id, code };
const isBlankPage = !page.dataset.answers; // else the server has put answers in: "typed" or "stored"
let misfits = []; // answers to questions that are no longer asked, kept for who wrote them

// Everything typed, what is set aside or hidden included; and the body that would be sent now.
function snapshot() {
  const filled = questions.flatMap(fieldsOf).filter(isChosen);
  return Object.assign(record, {
    language,
    version: page.dataset.version,
    revision: revision?.value ?? "0",
    place: location.hash,
    fields: [...filled.map(field => [field.name, field.value]), ...misfits],
    body: String(new URLSearchParams(new FormData(form))),
    kiosk: isKiosk,
  });
}

const saved = document.getElementById("saved");
function say(state) {
  for (const each of saved.children) each.hidden = each.dataset.say !== state;
}

// One write at a time: what changes meanwhile goes with the next. Resolves to whether all is kept.
let writing = null, isStale = false;
function save() {
  if (isKiosk && !record.waiting) return Promise.resolve(false);
  isStale = true;
  saved.classList.add("stale");
  return writing ??= write();
}
// A page that is left has no time for more than this.
addEventListener("pagehide", () => {
  try {
    if (writing) keepLocally(snapshot());
  } catch {} // said already: this phone cannot save
});

async function write() {
  let isKept = true;
  while (isStale) {
    await afterFrame();
    isStale = false;
    isKept = await keep(snapshot()).then(() => true, () => false);
  }
  writing = null;
  saved.classList.remove("stale");
  say(isKept ? "kept" : "lost");
  return isKept;
}

const pairOf = field => `${field.name}=${field.value}`;
function fill(fields) {
  const values = new Map(fields), typed = fields.map(pair => pair.join("="));
  for (const field of questions.flatMap(fieldsOf)) {
    if (isBox(field)) field.checked = typed.includes(pairOf(field));
    else field.value = values.get(field.name) ?? "";
  }
  const placed = questions.flatMap(fieldsOf).filter(isChosen).map(pairOf);
  misfits = fields.filter((_, index) => !placed.includes(typed[index]));
}

// This phone's answers go in, but not over what the server gives back as it was typed, nor over
// what she has typed before storage answered.
async function restore(kept, typed) {
  if (page.dataset.answers === "typed" && !record.at) return save();
  if (!kept) return;
  if (isSent(kept) && isBlankPage) return showReceipt(kept.receipt);
  const { waiting, refused, receipt, at } = kept;
  Object.assign(record, { receipt, at });
  if (isSent(kept)) return;
  if (kept.revision !== (revision?.value ?? "0")) {
    if (!revision) page.append(revision = make("input", { type: "hidden", name: "_revision" }));
    revision.value = kept.revision; // if others were stored meanwhile, sending shows both
  }
  Object.assign(record, { waiting, refused });
  const names = new Set(typed.map(([name]) => name));
  fill([...kept.fields.filter(([name]) => !names.has(name)), ...typed]);
  document.getElementById("misfits").hidden = !misfits.length;
  document.querySelector("#misfits bdi").textContent = misfits.map(pair => pair[1]).join(" · ");
}
