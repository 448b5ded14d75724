// What this phone keeps of each response: in IndexedDB; where that fails in localStorage; at the very
// least in memory. A record: { id, code, language, version, revision, place, fields, body, at } and
// `waiting` once it is to be sent, `refused` what the server said against it; once sent: its `receipt`,
// without answers.
const PREFIX = "tashkhis ";
const LONG_OVER = 30 * 24 * 3600e3; // a month later no workshop waits for an answer
const inMemory = new Map();

const opening = new Promise((resolve, reject) => {
  const request = indexedDB.open("tashkhis", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("response", { keyPath: "id" });
  request.onsuccess = () => resolve(request.result);
  request.onerror = reject;
});

function inStore(mode, act) {
  const done = opening.then(database => new Promise((resolve, reject) => {
    const transaction = database.transaction("response", mode, { durability: "strict" });
    const request = act(transaction.objectStore("response"));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = reject;
  }));
  return Promise.race([done, new Promise((_, reject) => setTimeout(reject, 9000))]); // some never answer
}

// Resolves when the record is on the phone; rejects when it is only in this page's memory.
async function keep(record) {
  record.at = Date.now();
  inMemory.set(record.id, record);
  try {
    await inStore("readwrite", store => store.put(record));
    dropLocally(record.id);
  } catch {
    keepLocally(record);
  }
}

function keepLocally(record) {
  record.at = Date.now();
  localStorage.setItem(PREFIX + record.id, JSON.stringify(record));
}

function inLocalStorage() {
  try {
    return Object.keys(localStorage).filter(key => key.startsWith(PREFIX)).map(key => JSON.parse(localStorage[key]));
  } catch {
    return []; // closed to pages, as in some private modes
  }
}

// The newest copy of every record, the newest first; those of workshops long over are erased.
async function allKept() {
  const inDatabase = await inStore("readonly", store => store.getAll()).catch(() => []);
  const newest = new Map();
  for (const record of [...inMemory.values(), ...inLocalStorage(), ...inDatabase]) {
    if (!(newest.get(record.id)?.at > record.at)) newest.set(record.id, record);
  }
  const records = [...newest.values()].sort((a, b) => b.at - a.at);
  const isOver = record => !record.waiting && !record.refused && record.at < Date.now() - LONG_OVER;
  await Promise.all(records.filter(isOver).map(record => forget(record.id)));
  return records.filter(record => !isOver(record));
}

const isSent = record => record.receipt && !record.fields;
const keptOf = async id => (await allKept()).find(record => record.id === id);

function dropLocally(id) {
  try {
    localStorage.removeItem(PREFIX + id);
  } catch {} // it cannot be there either
}

async function forget(id) {
  inMemory.delete(id);
  dropLocally(id);
  await inStore("readwrite", store => store.delete(id)).catch(() => {});
}
