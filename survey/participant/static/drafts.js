// Keeps every change on this phone, and brings it back.
const form = page.closest("form");
let [, code, language, id] = (form.getAttribute("action") ?? location.pathname).split("/");
const isKiosk = page.hasAttribute("data-kiosk");
let revision = page.querySelector("[name=_revision]");
let record = { id, code };
const isBlankPage = !page.dataset.answers; // else the server has put answers in: "typed" or "stored"
let misfits = []; // answers to questions that are no longer asked, kept for who wrote them

const isBox = field => field.type === "radio" || field.type === "checkbox";
const isFilled = field => isBox(field) ? field.checked : field.value !== "";

// Everything typed, what is set aside or hidden included; and the body that would be sent now.
function snapshot() {
  const filled = questions.flatMap(fieldsOf).filter(isFilled);
  return Object.assign(record, {
    language,
    version: page.dataset.version,
    revision: revision?.value ?? "0",
    place: location.hash,
    fields: [...filled.map(field => [field.name, field.value]), ...misfits],
    body: new URLSearchParams(new FormData(form)).toString(),
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

function fill(fields) {
  const typed = fields.map(pair => JSON.stringify(pair));
  const values = new Map(fields);
  for (const field of questions.flatMap(fieldsOf)) {
    if (isBox(field)) field.checked = typed.includes(JSON.stringify([field.name, field.value]));
    else field.value = values.get(field.name) ?? "";
  }
  const placed = new Set(fieldsOf(page).filter(isFilled).map(field => JSON.stringify([field.name, field.value])));
  misfits = fields.filter((_, index) => !placed.has(typed[index]));
}

// This phone's answers go in, but not over what the server gives back as it was typed.
async function restore() {
  if (page.dataset.answers === "typed" && !record.at) return save();
  const kept = await keptOf(id);
  if (!kept) return;
  if (isSent(kept) && isBlankPage) return location.replace(`/${code}/${language}/${id}/receipt`);
  const { waiting, refused, receipt, at } = kept;
  Object.assign(record, { receipt, at });
  if (isSent(kept)) return;
  if (kept.revision !== (revision?.value ?? "0")) {
    if (!revision) page.append(revision = make("input", { type: "hidden", name: "_revision" }));
    revision.value = kept.revision; // if others were stored meanwhile, sending shows both
  }
  Object.assign(record, { waiting, refused });
  fill(kept.fields);
  document.getElementById("misfits").hidden = !misfits.length;
  document.querySelector("#misfits bdi").textContent = misfits.map(pair => pair[1]).join(" · ");
}
