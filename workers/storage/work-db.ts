/** The IndexedDB schema of what threads remember: the queue of clips with its journal, and the library. Files are in OPFS. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { JobRecord } from '../clip/job-record'
import type { LibraryItem } from '../library/library-item'

/** A finished part of a job. Its file is clips/JOB_ID/segment-INDEX. */
export interface SegmentRecord {
  readonly jobId: string
  readonly index: number
  readonly firstFrame: number
  readonly frames: number
  /** Everything that following frames depend on (faces, colours, proportions) after this segment's last frame. */
  readonly memory: unknown
}

interface Schema extends DBSchema {
  jobs: { key: string; value: JobRecord; indexes: { position: number } }
  segments: { key: [string, number]; value: SegmentRecord; indexes: { jobId: string } }
  library: { key: string; value: LibraryItem; indexes: { addedAt: number } }
}

let opened: Promise<IDBPDatabase<Schema>> | undefined

/** The thread's one connection. Rejects where the browser stores nothing, as in some private windows. */
export function workDatabase(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>('understudy-work', 1, {
    upgrade(db, from) {
      if (from >= 1) return
      db.createObjectStore('jobs', { keyPath: 'id' }).createIndex('position', 'position')
      db.createObjectStore('segments', { keyPath: ['jobId', 'index'] }).createIndex('jobId', 'jobId')
      db.createObjectStore('library', { keyPath: 'id' }).createIndex('addedAt', 'addedAt')
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
