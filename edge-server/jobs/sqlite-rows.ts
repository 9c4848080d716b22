/** The table of jobs: its rows as jobs, and its statements. */
import * as v from 'valibot'
import type { Store } from '../store/store'
import { isEnded, type Job, type JobState, type Prompt } from './job'
import { parseJob } from './job-record'

const Row = v.object({
  number: v.number(),
  id: v.string(),
  request: v.pipe(v.string(), v.parseJson()),
  state: v.string(),
  detail: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown())),
  version: v.number(),
  submissions: v.number(),
  cancel_requested: v.number(),
  added_ms: v.number(),
  changed_ms: v.number(),
  started_ms: v.nullable(v.number()),
  ended_ms: v.nullable(v.number()),
  not_before_ms: v.nullable(v.number()),
  holder: v.nullable(v.string()),
  claimable_ms: v.nullable(v.number()),
})

export interface JobRow {
  readonly job: Job
  /** The claim that holds the job; null where nobody does. */
  readonly holder: string | null
  readonly leaseEndMs: number
}

export function parseRow(record: unknown): JobRow {
  const row = v.parse(Row, record)
  const notBeforeMs = row.not_before_ms === null ? {} : { notBeforeMs: row.not_before_ms }
  const job = parseJob({
    id: row.id,
    request: row.request,
    state: { name: row.state, ...row.detail, ...notBeforeMs },
    version: row.version,
    submissions: row.submissions,
    cancelRequested: row.cancel_requested === 1,
    addedMs: row.added_ms,
    changedMs: row.changed_ms,
    startedMs: row.started_ms ?? undefined,
    endedMs: row.ended_ms ?? undefined,
  })
  return { job, holder: row.holder, leaseEndMs: row.claimable_ms ?? 0 }
}

/** What is not read by SQL is kept as JSON beside the state's name. */
function detailOf({ name: _, ...rest }: JobState): string {
  const { notBeforeMs: __, ...detail } = { notBeforeMs: undefined, ...rest }
  return JSON.stringify(detail)
}

/** The statements, prepared once. Those with `get` in libsql's sense are avoided: after an error it throws forever. */
export function jobStatements(store: Store) {
  const insert = store.prepare(`
    INSERT INTO jobs (id, idempotency_key, request, state, detail, version, submissions, cancel_requested, added_ms,
      changed_ms, not_before_ms, claimable_ms)
    VALUES (?, ?, ?, 'queued', ?, 1, 0, 0, ?, ?, ?, ?) ON CONFLICT (idempotency_key) DO NOTHING`)
  // The version was read in the same transaction, so this changes the row; that it is there makes sure of it.
  const update = store.prepare(`
    UPDATE jobs SET state = ?, detail = ?, version = ?, submissions = ?, cancel_requested = ?, changed_ms = ?,
      started_ms = ?, ended_ms = ?, not_before_ms = ?, holder = ?, claimable_ms = ?
    WHERE id = ? AND version = ?`)
  // Those in work have no time and come first (NULL is the least); then whoever's time came first.
  const claim = store.prepare(`
    UPDATE jobs SET holder = ?, claimable_ms = ?
    WHERE number = (SELECT number FROM jobs WHERE claimable_ms <= ? ORDER BY not_before_ms, number LIMIT 1)
    RETURNING *`)
  const renew = store.prepare('UPDATE jobs SET claimable_ms = ? WHERE holder = ? RETURNING *')
  const release = store.prepare('UPDATE jobs SET holder = NULL, claimable_ms = 0 WHERE holder = ?')
  const held = store.prepare('SELECT holder FROM jobs WHERE holder IS NOT NULL')
  const wake = store.prepare(`
    UPDATE jobs SET not_before_ms = ?1, claimable_ms = ?1
    WHERE claimable_ms > ?1 AND state = 'queued' AND holder IS NULL`)
  const byId = store.prepare('SELECT * FROM jobs WHERE id = ?')
  const byKey = store.prepare('SELECT * FROM jobs WHERE idempotency_key = ?')
  const remove = store.prepare('DELETE FROM jobs WHERE id = ?')
  const list = store.prepare(`
    SELECT * FROM jobs
    WHERE (?1 IS NULL OR state IN (SELECT value FROM json_each(?1)))
      AND (?2 IS NULL OR number < (SELECT number FROM jobs WHERE id = ?2))
    ORDER BY number DESC LIMIT ?3`)
  const counts = store.prepare('SELECT state, count(*) AS count FROM jobs GROUP BY state')
  const one = (rows: readonly unknown[]) => (rows.length ? parseRow(rows[0]) : undefined)

  return {
    /** False where the key is known already. */
    insert(job: Job, key: string | undefined): boolean {
      const { id, request, state, addedMs } = job
      const given = [
        id,
        key ?? null,
        JSON.stringify(request),
        detailOf(state),
        addedMs,
        addedMs,
        addedMs,
        addedMs,
      ]
      return insert.run(...given).changes === 1
    },
    /** Writes a change of a job that was read in the same transaction; a holder keeps it until `leaseEndMs`. */
    update(job: Job, holder: string | null, leaseEndMs: number): void {
      const { id, state, version } = job
      const notBeforeMs = state.name === 'queued' ? state.notBeforeMs : null
      const claimableMs = holder ? leaseEndMs : isEnded(job) ? null : (notBeforeMs ?? 0)
      const counted = [version, job.submissions, job.cancelRequested ? 1 : 0]
      const times = [job.changedMs, job.startedMs ?? null, job.endedMs ?? null, notBeforeMs]
      const set = [state.name, detailOf(state), ...counted, ...times, holder, claimableMs]
      if (update.run(...set, id, version - 1).changes !== 1)
        throw new Error(`Job ${id} changed while it was written.`)
    },
    claim: (holder: string, leaseEndMs: number, nowMs: number) => one(claim.all(holder, leaseEndMs, nowMs)),
    renew: (holder: string, leaseEndMs: number) => one(renew.all(leaseEndMs, holder)),
    release: (holder: string) => release.run(holder).changes === 1,
    holders: () => (held.all() as { holder: string }[]).map(({ holder }) => holder), // the schema says so
    wake: (nowMs: number) => wake.run(nowMs),
    byId: (id: string) => one(byId.all(id)),
    byKey: (key: string) => one(byKey.all(key)),
    remove: (id: string) => remove.run(id),
    list: (states: readonly string[] | undefined, before: string | undefined, limit: number) =>
      list.all(states ? JSON.stringify(states) : null, before ?? null, limit).map((row) => parseRow(row).job),
    counts: () => counts.all() as { state: string; count: number }[], // the schema says so
  }
}

/** Prompts that were left on a box. */
export function abandonedStatements(store: Store) {
  const add = store.prepare('INSERT INTO abandoned (box, prompt_id) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const on = store.prepare('SELECT prompt_id FROM abandoned WHERE box = ? ORDER BY prompt_id')
  const remove = store.prepare('DELETE FROM abandoned WHERE box = ? AND prompt_id = ?')
  return {
    add: ({ box, promptId }: Prompt) => add.run(box, promptId),
    on: (box: string) => (on.all(box) as { prompt_id: string }[]).map((row) => row.prompt_id), // the schema says so
    remove: ({ box, promptId }: Prompt) => remove.run(box, promptId),
  }
}
