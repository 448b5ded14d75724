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
  const { receipt, refused, ...reply } = await post(record);
  const { id, code, language, body, kiosk } = record;
  const isStored = reply.id === id && receipt;
  if (!isStored && !refused) throw reply;
  if ((await keptOf(id))?.body !== body) throw record; // corrected meanwhile, and perhaps sent again
  if (isStored && kiosk) await forget(id);
  else await keep(isStored ? { id, code, language, receipt } : { ...record, waiting: false, refused }).catch(() => {});
}

// After each try an event `outbox` names the response, so that the page can show how it stands.
async function tryOnce(record) {
  underWay.add(record.id);
  const isDone = await deliver(record).then(() => true, () => false);
  underWay.delete(record.id);
  dispatchEvent(new CustomEvent("outbox", { detail: record.id }));
  return isDone;
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
