// What this phone keeps of each response: in IndexedDB; where that fails in localStorage; at the very
// least in memory. A record: { id, code, language, version, revision, place, fields, body, at } and
// `waiting` once it is to be sent, `refused` what the server said against it; once sent: its `receipt`,
// without answers.
const PREFIX = "tashkhis ";
const inMemory = new Map();

const opening = new Promise((resolve, reject) => {
  const request = indexedDB.open("tashkhis", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("response", { keyPath: "id" });
  request.onsuccess = () => resolve(request.result);
  request.onerror = reject;
});

// Some phones take long to answer, and some never do. What opens late says so by an event `late`;
// until then nothing is written there, over what nobody has read.
const inTime = promise => Promise.race([promise, new Promise((_, reject) => setTimeout(reject, 9000))]);
let reached = inTime(opening);
reached.catch(() => opening.then(() => {
  reached = opening;
  dispatchEvent(new Event("late"));
}, () => {}));

function inStore(mode, act) {
  return inTime(reached.then(database => new Promise((resolve, reject) => {
    const transaction = database.transaction("response", mode, { durability: "strict" });
    const request = act(transaction.objectStore("response"));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = reject;
  })));
}

// Later than before, whatever the phone's clock says: it may be wrong, and be set right.
function stamp(record) {
  record.at = Math.max(Date.now(), (record.at ?? 0) + 1);
}

// Resolves when the record is on the phone; rejects when it is only in this page's memory.
async function keep(record) {
  stamp(record);
  inMemory.set(record.id, record);
  try {
    await inStore("readwrite", store => store.put(record));
    dropLocally(record.id);
  } catch {
    keepLocally(record);
  }
}

function keepLocally(record) {
  stamp(record);
  localStorage.setItem(PREFIX + record.id, JSON.stringify(record));
}

function inLocalStorage() {
  try {
    return Object.keys(localStorage).filter(key => key.startsWith(PREFIX)).map(key => JSON.parse(localStorage[key]));
  } catch {
    return []; // closed to pages, as in some private modes
  }
}

// The newest copy of every record.
async function allKept() {
  const inDatabase = await inStore("readonly", store => store.getAll()).catch(() => []);
  const newest = new Map();
  for (const record of [...inMemory.values(), ...inLocalStorage(), ...inDatabase]) {
    if (!(newest.get(record.id)?.at > record.at)) newest.set(record.id, record);
  }
  return [...newest.values()];
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
  await inStore("readwrite", store => store.delete(id)).catch(() => addEventListener("late", () => forget(id), { once: true }));
}
