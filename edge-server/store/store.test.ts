import { mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MOVES, STATE_NAMES, type StateName } from '../jobs/job'
import { closeStore, explainStore, inTransaction, openStore, type Store } from './store'

let folder = ''
let path = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'understudy-store-'))
  path = join(folder, 'jobs.sqlite')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('moves', () => {
  const moves: readonly { from: readonly StateName[]; to: StateName }[] = Object.values(MOVES)
  const leads = (from: StateName, to: StateName) =>
    moves.some((move) => move.to === to && move.from.includes(from))

  test.for(STATE_NAMES)('from %s by SQL are those of the table', (from) => {
    const store = openStore(path)
    insert(store, 'a')
    for (const state of road(from)) enter(store, state)
    for (const to of STATE_NAMES) {
      // A change within a state is a wish for its end, or the same move again.
      if (from === to && leads(from, to)) continue
      const attempt = () =>
        inTransaction(store, () => {
          enter(store, to)
          throw new Error('was possible')
        })
      const isOngoing = from === to && !isEnded(to)
      expect(attempt, `${from} to ${to}`).toThrow(
        isOngoing || leads(from, to) ? 'was possible' : 'IllegalMove',
      )
    }
    closeStore(store)
  })

  test('skip no version, and begin in the queue', () => {
    const store = openStore(path)
    insert(store, 'a')
    expect(() =>
      store.exec("UPDATE jobs SET state = 'preparing', not_before_ms = NULL, version = 3"),
    ).toThrow('IllegalMove')
    expect(() => store.exec("UPDATE jobs SET detail = '{}'")).not.toThrow()
    expect(() => store.exec(`UPDATE jobs SET detail = '{"waiting":1}'`)).toThrow('IllegalMove')
    expect(() => insert(store, 'b', 'running')).toThrow('IllegalMove')
    expect(() => insert(store, 'c', 'dancing')).toThrow('IllegalMove')
    closeStore(store)
  })
})

test('a claim looks into an index and sorts nothing', () => {
  const store = openStore(path)
  const sql = 'SELECT number FROM jobs WHERE claimable_ms <= 1 ORDER BY not_before_ms, number LIMIT 1'
  const plan = store.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]
  expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining('COVERING INDEX jobs_to_claim')])
  closeStore(store)
})

describe('a file', () => {
  test('that is no database stops the start, says what to do, and is left as it is', async () => {
    const text = 'These are my notes, not jobs. '.repeat(500)
    await writeFile(path, text)
    expect(() => openStore(path)).toThrow(
      expect.objectContaining({
        name: 'StoreDamagedError',
        message: expect.stringMatching(/jobs\.sqlite, is damaged .*left as it is.*rename it/),
      }),
    )
    expect(await readFile(path, 'utf8')).toBe(text)
  })

  test('whose pages were overwritten is found out at the start; renamed, an empty one takes its place', async () => {
    const store = openStore(path)
    insertMany(store)
    closeStore(store)
    const bytes = await readFile(path)
    bytes.fill(0x55, 4096 * 2, 4096 * 6)
    await writeFile(path, bytes)
    expect(() => openStore(path)).toThrow(expect.objectContaining({ name: 'StoreDamagedError' }))
    expect(await readFile(path)).toEqual(bytes)
    await rename(path, `${path}.damaged`)
    const empty = openStore(path)
    expect(empty.prepare('SELECT count(*) AS count FROM jobs').all()).toEqual([{ count: 0 }])
    closeStore(empty)
  })

  test('that was cut short is found out at the start', async () => {
    const store = openStore(path)
    insertMany(store)
    closeStore(store)
    await truncate(path, 4096 * 5)
    expect(() => openStore(path)).toThrow(expect.objectContaining({ name: 'StoreDamagedError' }))
  })

  test('of a newer version is refused and left alone', () => {
    const store = openStore(path)
    store.exec('PRAGMA user_version = 1000')
    closeStore(store)
    expect(() => openStore(path)).toThrow(expect.objectContaining({ name: 'StoreNewerError' }))
  })

  test('that cannot be made is named', () => {
    expect(() => openStore(join(folder, 'none', 'jobs.sqlite'))).toThrow(
      expect.objectContaining({ name: 'StoreUnavailableError', message: expect.stringContaining('none') }),
    )
  })

  test('on a full disk keeps what it has, says so, and goes on when there is room', () => {
    const store = openStore(path)
    insert(store, 'first')
    const [size] = store.prepare('PRAGMA page_count').all() as [{ page_count: number }]
    store.exec(`PRAGMA max_page_count = ${size.page_count}`) // SQLite fails with the very error of a full disk
    let kept = 1
    const fill = () => {
      for (; kept < 1000; kept++) insert(store, `job ${kept}`)
    }
    expect(() => explained(fill)).toThrow(expect.objectContaining({ name: 'DiskFullError' }))
    expect(() => explained(() => inTransaction(store, fill))).toThrow(
      expect.objectContaining({ name: 'DiskFullError' }),
    )
    expect(store.prepare('SELECT count(*) AS count FROM jobs').all()).toEqual([{ count: kept }])
    store.exec('PRAGMA max_page_count = 4294967294')
    insert(store, 'last')
    expect(store.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    closeStore(store)
  })

  test('that somebody else writes to for too long is unavailable, not broken', () => {
    const [store, other] = [openStore(path), openStore(path)]
    store.exec('PRAGMA busy_timeout = 50')
    other.exec('BEGIN IMMEDIATE')
    expect(() => explained(() => insert(store, 'a'))).toThrow(
      expect.objectContaining({ name: 'QueueUnavailableError' }),
    )
    other.exec('COMMIT')
    insert(store, 'a')
    for (const one of [store, other]) closeStore(one)
  })
})

/** As many as fill some pages. */
function insertMany(store: Store): void {
  inTransaction(store, () => {
    for (let i = 0; i < 300; i++) insert(store, `job ${i}`)
  })
}

function insert(store: Store, id: string, state = 'queued'): void {
  store
    .prepare(`
      INSERT INTO jobs (id, request, state, detail, version, submissions, cancel_requested, added_ms, changed_ms,
        not_before_ms, claimable_ms)
      VALUES (?, ?, ?, '{}', 1, 0, 0, 0, 0, ?, 0)`)
    .run(id, JSON.stringify({ text: 'x'.repeat(400) }), state, state === 'queued' ? 0 : null)
}

/** Has every job enter a state, whether or not that is a move. */
function enter(store: Store, state: StateName): void {
  const [notBefore, claimable] = [state === 'queued' ? 0 : null, isEnded(state) ? null : 0]
  store
    .prepare('UPDATE jobs SET state = ?, version = version + 1, not_before_ms = ?, claimable_ms = ?')
    .run(state, notBefore, claimable)
}

/** The states on the way from 'queued'. */
function road(to: StateName): readonly StateName[] {
  if (to === 'failed' || to === 'cancelled') return [to]
  const straight: readonly StateName[] = ['preparing', 'uploading', 'running', 'fetching', 'succeeded']
  return straight.slice(0, straight.indexOf(to) + 1)
}

function isEnded(name: StateName): boolean {
  return name === 'succeeded' || name === 'failed' || name === 'cancelled'
}

function explained(work: () => void): void {
  try {
    work()
  } catch (error) {
    throw explainStore(error)
  }
}
