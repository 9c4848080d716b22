/** The one SQLite file: opened, checked, brought to the newest schema. */
import { basename } from 'node:path'
import Database from 'libsql'
import schema from './schema.sql?raw'

export type Store = Database.Database

/** Each brings the file one version further. A published one is never edited: add the next. */
const MIGRATIONS = [schema]

/** How long a statement waits for another process that writes. */
const BUSY_MS = 5000

/**
 * Opens the file, or makes it. Throws errors named StoreDamagedError and StoreNewerError (the file is left as it was),
 * StoreUnavailableError and DiskFullError, with sentences for whoever starts the server.
 */
export function openStore(path: string): Store {
  let store: Store | undefined
  try {
    store = new Database(path, { timeout: BUSY_MS })
    check(store)
    store.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    migrate(store, path)
    return store
  } catch (error) {
    store?.close()
    throw explainOpening(error, path)
  }
}

/** Brings everything into the one file, as far as nobody else has it open, and closes. */
export function closeStore(store: Store): void {
  try {
    store.exec('PRAGMA busy_timeout = 0')
    store.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
  } catch {
    // Somebody reads it, or the disk is full: what lies beside the file is read when it is opened next.
  }
  store.close()
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

/**
 * Runs `work`, whose writes may be lost when the power fails (never when only the process does): nobody waits for the disk. What is
 * written later in full brings them along.
 */
export function unsynced<T>(store: Store, work: () => T): T {
  store.exec('PRAGMA synchronous = NORMAL')
  try {
    return work()
  } finally {
    store.exec('PRAGMA synchronous = FULL')
  }
}

/** An error of a statement in the words of Jobs; those that are not SQLite's stay as they are. */
export function explainStore(error: unknown): unknown {
  const { message, code } = parts(error)
  if (code.startsWith('SQLITE_FULL')) {
    return named(
      'DiskFullError',
      "The server's disk is full, so nothing was changed. Free some space and try again.",
    )
  }
  if (isDamage(code)) {
    const advice = 'Start the server again: it then says what to do.'
    return named('StoreDamagedError', `The file with the jobs is damaged (${message}). ${advice}`)
  }
  if (/^SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN|READONLY|NOMEM|PROTOCOL)/.test(code)) {
    return named(
      'QueueUnavailableError',
      `The file with the jobs cannot be used now (${message}). Try again in a moment.`,
    )
  }
  return error
}

function explainOpening(error: unknown, path: string): unknown {
  const { name, message, code } = parts(error)
  if (name === 'StoreNewerError') return error
  if (code.startsWith('SQLITE_FULL')) return named('DiskFullError', `The disk with ${path} is full.`)
  if (name === 'StoreDamagedError' || isDamage(code)) {
    return named(
      'StoreDamagedError',
      `The file with the jobs, ${path}, is damaged (${message}). It was left as it is: put a copy of it back, ` +
        `or rename it, and ${basename(path)}-wal where that is there, to start with an empty list of jobs.`,
    )
  }
  return named('StoreUnavailableError', `The file with the jobs, ${path}, cannot be used: ${message}`)
}

const isDamage = (code: string): boolean => /^SQLITE_(NOTADB|CORRUPT)/.test(code)

function parts(error: unknown): { name: string; message: string; code: string } {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  // The driver's errors have a code; where a file cannot be opened they have none.
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return { name, message, code }
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}
