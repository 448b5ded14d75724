// Sends what waits, again and again, until the server says that it holds it. The id makes repeats safe.
const PATIENCE = 45e3;
const LONGEST_PAUSE = 60;
const underWay = new Set(); // ids
let failures = 0, nextTry = 0;

// The server's word, in JSON; anything else, such as a captive portal's page, throws.
async function post(record) {
  const limit = new AbortController();
  setTimeout(() => limit.abort(), PATIENCE); // which does nothing to what has come by then
  const reply = await fetch(`/${record.code}/${record.language}/${record.id}`, {
    method: "POST",
    body: new URLSearchParams(record.body), // which says of what kind it is
    headers: { Accept: "application/json" },
    redirect: "error",
    signal: limit.signal,
  });
  return reply.json();
}

async function deliver(record) {
  const { receipt, refused = 0, ...reply } = await post(record);
  const { id, code, language, body, kiosk } = record;
  const isStored = reply.id === id && receipt;
  if (!isStored && !refused) throw reply;
  if ((await keptOf(id))?.body !== body) throw record; // corrected meanwhile, and perhaps sent again
  if (!kiosk) {
    await keep(isStored ? { id, code, language, receipt } : { ...record, waiting: false, refused }).catch(() => {});
  } else if (isStored) await forget(id); // else who answered may be gone: it waits for the facilitator
  return { refused, receipt };
}

// After each try an event `outbox` names the response, and its receipt or what refused it; or what
// the server said of why it waits; for the page to show.
async function tryOnce(record) {
  const { id, kiosk } = record;
  underWay.add(id);
  let said;
  const outcome = await deliver(record).catch(reply => (said = reply.said, null));
  underWay.delete(id);
  dispatchEvent(new CustomEvent("outbox", { detail: { id, ...outcome, said } }));
  return outcome && !(kiosk && outcome.refused);
}

async function sendWaiting() {
  clearTimeout(nextTry);
  const free = (await allKept()).filter(({ id, waiting }) => waiting && !underWay.has(id));
  const done = await Promise.all(free.map(tryOnce));
  if (!done.every(Boolean)) nextTry = setTimeout(sendWaiting, Math.min(LONGEST_PAUSE, 2 ** failures++) * (500 + 1000 * Math.random()));
}

function sendNow() {
  failures = 0;
  sendWaiting();
}
for (const name of ["online", "focus", "pageshow", "late"]) addEventListener(name, sendNow);
document.addEventListener("visibilitychange", () => document.hidden || sendNow());
