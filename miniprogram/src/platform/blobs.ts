// Files in the browser's IndexedDB, one object store keyed by the file's key (the web build only).

const DATABASE = 'xinhu'
const STORE = 'evidence'

/** Stores a file; rejects when the phone has no room left. */
export async function putBlob(key: string, blob: Blob): Promise<void> {
  await run('readwrite', (store) => store.put(blob, key))
}

/** A stored file; rejects when it is not there (any more). */
export async function getBlob(key: string): Promise<Blob> {
  const blob = await run<Blob | undefined>('readonly', (store) => store.get(key))
  if (!blob) throw new Error('file is gone')
  return blob
}

/** Removes a file; removing one that is not there is fine. */
export async function deleteBlob(key: string): Promise<void> {
  await run('readwrite', (store) => store.delete(key))
}

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await openDatabase()
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode)
      const request = act(transaction.objectStore(STORE))
      // Only a completed transaction is on disk; a full phone fails there, not at the request.
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error ?? new Error('storage refused'))
      transaction.onerror = () => reject(transaction.error ?? new Error('storage failed'))
    })
  } finally {
    database.close()
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('storage cannot be opened'))
  })
}
