// What stays on this phone: the list, scans that were not sent yet, and notes; and its removal.
const NAME = 'xinhu-door';
const CACHE = 'xinhu-door';
const STORES = ['lists', 'scans', 'notes'];
const AFTER_END_MS = 3600_000;

export async function openStore() {
  try {
    return new Kept(await openDatabase());
  } catch {
    return new Forgotten(); // a private window: nothing survives a reload, and the page says so
  }
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      const database = opening.result;
      database.createObjectStore('lists', { keyPath: 'lecture' });
      // the number given here is the order in which scans are sent
      database.createObjectStore('scans', { keyPath: 'seq', autoIncrement: true });
      database.createObjectStore('notes', { keyPath: 'key' });
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
    opening.onblocked = () => reject(new Error('blocked'));
  });
}

class Kept {
  isLasting = true;

  constructor(database) {
    this.database = database;
  }

  // A phone that slept may have closed the database under the page: then it is opened anew.
  async #begin(name, mode) {
    try {
      return this.database.transaction(name, mode);
    } catch {
      this.database = await openDatabase();
      return this.database.transaction(name, mode);
    }
  }

  // Resolves when the change is written, not when it was asked for.
  async #change(name, act) {
    const transaction = await this.#begin(name, 'readwrite');
    return new Promise((resolve, reject) => {
      const asked = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  async all(name) {
    const transaction = await this.#begin(name, 'readonly');
    return new Promise((resolve, reject) => {
      const asked = transaction.objectStore(name).getAll();
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  put(name, row) {
    return this.#change(name, (store) => store.put(row));
  }

  drop(name, keys) {
    return this.#change(name, (store) => { keys.forEach((key) => store.delete(key)); });
  }
}

class Forgotten {
  isLasting = false;

  rows = Object.fromEntries(STORES.map((name) => [name, new Map()]));

  seq = 0;

  async all(name) {
    return [...this.rows[name].values()];
  }

  async put(name, row) {
    if (name === 'scans') row = { ...row, seq: (this.seq += 1) };
    const key = { lists: row.lecture, scans: row.seq, notes: row.key }[name];
    this.rows[name].set(key, row);
    return key;
  }

  async drop(name, keys) {
    keys.forEach((key) => this.rows[name].delete(key));
  }
}

export const ofLecture = (rows, lecture) => rows.filter((row) => row.lecture === lecture);

export function isOver(list) {
  return Date.now() + list.ahead > Date.parse(list.data.lecture.ends_at) + AFTER_END_MS;
}

// Lists of lectures that are over and whose scans have all arrived have no business here.
export async function dropOld(store) {
  const scans = await store.all('scans');
  const lists = await store.all('lists');
  const old = lists.filter((list) => isOver(list) && !ofLecture(scans, list.lecture).length);
  for (const list of old) await dropNames(store, list.lecture);
}

// Takes the list and the notes from this phone; scans on their way hold no names and stay.
export async function dropNames(store, lecture) {
  const notes = ofLecture(await store.all('notes'), lecture);
  await store.drop('notes', notes.map((note) => note.key));
  await store.drop('lists', [lecture]);
  if (!(await store.all('lists')).length) await dropPages();
}

export async function dropPages() {
  if (globalThis.caches) await caches.delete(CACHE);
}

// The page itself and its files, so that it opens without network.
export async function keepPage(files) {
  if (!globalThis.caches) return false;
  const cache = await caches.open(CACHE);
  for (const file of [location.pathname, ...files]) {
    // a session that ended would answer with the sign-in page, which is not ours to keep
    const answer = await fetch(file, { redirect: 'error' });
    if (!answer.ok) return false;
    await cache.put(file, answer);
  }
  const wanted = new Set(files.map((file) => new URL(file, location.href).href));
  for (const { url } of await cache.keys()) {
    if (url.includes('/desk/static/') && !wanted.has(url)) await cache.delete(url);
  }
  return true;
}
