/** The IndexedDB schema and its upgrades: everything Understudy remembers on this device. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

/** Who the face can become. The picture is scaled, upright, and what `landmarks` are measured in. */
export interface SourceRecord {
  readonly id: string
  readonly name: string
  readonly addedAt: number // epoch milliseconds
  readonly origin: 'picture' | 'demo'
  readonly picture: Blob
  readonly thumbnail: Blob
  readonly landmarks: Float32Array<ArrayBuffer> // 468 × (x, y, z), px of the picture
}

interface Schema extends DBSchema {
  sources: { key: string; value: SourceRecord; indexes: { addedAt: number } }
  settings: { key: string; value: unknown }
  /** What is being prepared on the Generate page: its words by 'generate', its files by their slots. */
  drafts: { key: string; value: unknown }
}

export const DATABASE = 'understudy'

let opened: Promise<IDBPDatabase<Schema>> | undefined
let isClosed = false

/** The one connection. Rejects where the browser stores nothing, as in some private windows. */
export function database(): Promise<IDBPDatabase<Schema>> {
  if (isClosed) return Promise.reject(new Error('Everything is being erased.'))
  opened ??= openDB<Schema>(DATABASE, 2, {
    upgrade(db, from) {
      if (from < 1) {
        db.createObjectStore('sources', { keyPath: 'id' }).createIndex('addedAt', 'addedAt')
        db.createObjectStore('settings')
      }
      if (from < 2) db.createObjectStore('drafts')
    },
    // Another tab has a newer version: step aside, and reopen on the next call.
    blocking(_from, _to, event) {
      ;(event.target as IDBDatabase).close()
      opened = undefined
    },
    terminated() {
      opened = undefined
    },
  })
  return opened
}

/** Nothing is read or written any more until the page is loaded anew. */
export function closeDatabase(): void {
  isClosed = true
  void opened?.then((db) => db.close()).catch(() => undefined) // it may never have opened
}
