/** The one SQLite file: opened, checked, brought to the newest schema. */
import Database from 'libsql'
import schema from './schema.sql?raw'

export type Store = Database.Database

/** Each brings the file one version further. A published one is never edited: add the next. */
const MIGRATIONS = [schema]

/** How long a statement waits for another process that writes. */
const BUSY_MS = 5000

/**
 * Opens the file, or makes it. Throws errors named StoreDamagedError (nothing was touched), StoreNewerError and
 * StoreUnavailableError, with sentences for whoever starts the server.
 */
export function openStore(path: string): Store {
  let store: Store | undefined
  try {
    store = new Database(path, { timeout: BUSY_MS })
    check(store)
    store.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
    migrate(store, path)
    return store
  } catch (error) {
    store?.close()
    throw explainStore(error, path)
  }
}

function check(store: Store): void {
  const [row] = store.prepare('PRAGMA quick_check(1)').all() as [{ quick_check: string }] // by SQLite's documentation
  if (row.quick_check !== 'ok') throw named('StoreDamagedError', row.quick_check)
}

function migrate(store: Store, path: string): void {
  inTransaction(store, () => {
    const [row] = store.prepare('PRAGMA user_version').all() as [{ user_version: number }] // by SQLite's documentation
    if (row.user_version > MIGRATIONS.length) {
      throw named('StoreNewerError', `${path} was written by a newer version of Understudy. Start that one.`)
    }
    for (const sql of MIGRATIONS.slice(row.user_version)) store.exec(sql)
    store.exec(`PRAGMA user_version = ${MIGRATIONS.length}`)
  })
}

/** Runs `work` as one transaction; nothing of it is written where it throws. */
export function inTransaction<T>(store: Store, work: () => T): T {
  store.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    store.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite itself has rolled back already after some errors, a full disk among them.
    if (store.inTransaction) store.exec('ROLLBACK')
    throw error
  }
}

/** The error in our words: DiskFullError, StoreDamagedError, StoreUnavailableError; others as they are. */
export function explainStore(error: unknown, path: string): unknown {
  const { name, message, code } = error as { name?: string; message?: string; code?: string } // whatever was thrown
  if (code === 'SQLITE_FULL') return named('DiskFullError', `The disk with ${path} is full.`)
  if (name === 'StoreDamagedError' || code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    return named(
      'StoreDamagedError',
      `The file with the jobs, ${path}, is damaged (${message}). It was left as it is: put a copy of it back, ` +
        'or rename it to start with an empty list of jobs.',
    )
  }
  // What the driver itself throws where the file cannot be opened has no code.
  if (code === undefined && !message?.startsWith('ConnectionFailed')) return error
  return named('StoreUnavailableError', `The file with the jobs, ${path}, cannot be used now: ${message}`)
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}
