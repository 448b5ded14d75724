// Sends what waits, again and again, until the server says that it holds it. The id makes repeats safe.
const PATIENCE = 45e3;
const LONGEST_PAUSE = 60;
const underWay = new Set(); // ids
let failures = 0, nextTry = 0;

// The server's word, in JSON; anything else, such as a captive portal's page, throws.
async function post(record) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), PATIENCE);
  try {
    const reply = await fetch(`/${record.code}/${record.language}/${record.id}`, {
      method: "POST",
      body: record.body,
      headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      redirect: "error",
      signal: limit.signal,
    });
    return await reply.json();
  } finally {
    clearTimeout(timer);
  }
}

async function deliver(record) {
  const { receipt, refused = 0, ...reply } = await post(record);
  const { id, code, language, body, kiosk } = record;
  const isStored = reply.id === id && receipt;
  if (!isStored && !refused) throw reply;
  if ((await keptOf(id))?.body !== body) throw record; // corrected meanwhile, and perhaps sent again
  if (kiosk) { // who answered may be gone: what is refused waits on for the facilitator
    if (isStored) await forget(id);
    return refused;
  }
  await keep(isStored ? { id, code, language, receipt } : { ...record, waiting: false, refused }).catch(() => {});
  return refused;
}

// After each try an event `outbox` names the response, what refused it, and what the server said of
// why it waits, for the page to show.
async function tryOnce({ id, kiosk, ...rest }) {
  underWay.add(id);
  let said;
  const refused = await deliver({ id, kiosk, ...rest }).catch(reply => (said = reply.said, null));
  underWay.delete(id);
  dispatchEvent(new CustomEvent("outbox", { detail: { id, refused, said } }));
  return refused !== null && !(kiosk && refused);
}

async function sendWaiting() {
  clearTimeout(nextTry);
  const free = (await allKept()).filter(({ id, waiting }) => waiting && !underWay.has(id));
  const done = await Promise.all(free.map(tryOnce));
  if (done.includes(false)) nextTry = setTimeout(sendWaiting, Math.min(LONGEST_PAUSE, 2 ** failures++) * (500 + 1000 * Math.random()));
}

function sendNow() {
  failures = 0;
  sendWaiting();
}
for (const name of ["online", "focus", "pageshow"]) addEventListener(name, sendNow);
document.addEventListener("visibilitychange", () => document.hidden || sendNow());
