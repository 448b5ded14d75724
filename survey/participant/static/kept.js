// Before Begin, and where a workshop is closed: the answers that this phone still keeps.
const [, code, language] = location.pathname.split("/");
const shelf = document.getElementById("kept");
const pattern = shelf.querySelector("template");

function stateOf(record) {
  if (isSent(record)) return "sent";
  return record.waiting ? "waiting" : record.refused ? "refused" : record.receipt ? "correction" : "draft";
}

function itemOf(record) {
  const item = pattern.content.firstElementChild.cloneNode(true);
  const state = stateOf(record);
  for (const each of item.querySelectorAll("[data-say]")) {
    if (!each.dataset.say.split(" ").includes(state)) each.remove();
  }
  const address = `/${code}/${language}/${record.id}`;
  const link = item.querySelector("a.button");
  if (link) link.href = isSent(record) ? `${address}/receipt` : address + (record.revision > 0 ? "/edit" : "") + (record.place ?? "");
  for (const time of item.querySelectorAll("time")) time.textContent = new Date(record.at).toLocaleString("en-GB").slice(0, -3);
  for (const receipt of item.querySelectorAll(".code-words")) receipt.textContent = record.receipt;
  const erase = item.querySelector(".erase");
  erase.addEventListener("click", async () => {
    if (!confirm(erase.dataset.sure)) return;
    await forget(record.id);
    show();
  });
  const box = item.querySelector("details");
  if (box) offerHandOver(box, () => [record]);
  return item;
}

// What was never sent is erased when the server says that the workshop is long over.
async function eraseDrafts() {
  const drafts = (await allKept()).filter(each => each.code === code && ["draft", "correction"].includes(stateOf(each)));
  await Promise.all(drafts.map(each => forget(each.id)));
}

async function show() {
  if (shelf.dataset.over != null) await eraseDrafts();
  const ours = (await allKept()).filter(record => record.code === code).sort((a, b) => b.at - a.at);
  const shown = ours.filter(record => !record.kiosk);
  shelf.hidden = !shown.length;
  shelf.querySelector("div").replaceChildren(...shown.map(itemOf));
  const waiting = ours.length - shown.length;
  const tablet = document.getElementById("tablet");
  tablet.hidden = !waiting;
  tablet.querySelector("bdi").textContent = waiting;
}
// A closed workshop's tablet gives the facilitator all that it could not send.
const tabletBox = document.querySelector("#tablet details");
if (tabletBox) offerHandOver(tabletBox, async () => (await allKept()).filter(record => record.kiosk && record.code === code));

for (const name of ["outbox", "pageshow", "late"]) addEventListener(name, show);
