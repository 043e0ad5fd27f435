// What this browser keeps of a text, on the disk at once. Of localStorage a browser that is killed as a whole, or loses its
// power, has not yet written the last minute; a strict transaction is done only when the disk has it.

const STORE = "drafts";
const OLD = "commonplace.text."; // where localStorage has what an earlier version kept
const STRICT = { durability: "strict" };

let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("commonplace", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => {
      request.result.onclose = () => (opened = undefined); // somebody has emptied what the browser keeps
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  }).then(takeOver);
  return opened;
}

// Done when the disk has it; a browser that keeps nothing fails.
function within(database, mode, deed) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode, STRICT);
    transaction.oncomplete = () => resolve(found);
    transaction.onabort = () => reject(transaction.error);
    const found = deed(transaction.objectStore(STORE), transaction);
  });
}

async function takeOver(database) {
  const rows = Object.entries(localStorage).filter(([key]) => key.startsWith(OLD));
  if (rows.length) {
    const add = (store) => rows.forEach(([key, value]) => store.put(JSON.parse(value), key.slice(OLD.length)));
    await within(database, "readwrite", add);
    for (const [key] of rows) localStorage.removeItem(key);
  }
  return database;
}

export async function keep(key, kept) {
  const put = (store, transaction) => {
    store.put(kept, key);
    transaction.commit(); // a page on its way out hears of nothing any more
  };
  await within(await open(), "readwrite", put);
}

// Only what it says, where that is given: another tab may have written on.
export async function forget(key, typed) {
  await within(await open(), "readwrite", (store) => {
    if (typed === undefined) return store.delete(key);
    store.get(key).onsuccess = ({ target }) => target.result?.typed === typed && store.delete(key);
  });
}

// Pairs of a key and what is kept, of all keys that begin so.
export async function kept(start) {
  const [keys, values] = await within(await open(), "readonly", (store) => {
    const range = IDBKeyRange.bound(start, `${start}\uffff`);
    return [store.getAllKeys(range), store.getAll(range)];
  });
  return keys.result.map((key, at) => [key, values.result[at]]);
}
