/** The queue in one SQLite file: the table of jobs is the queue and the history. */
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { closeStore, explainStore, inTransaction, openStore, unsynced } from '../store/store'
import { type HeldClaim, heldClaim, isHeldIn, type Keeper, lostClaim } from './held-claim'
import {
  cancelRequested,
  illegalMove,
  isEnded,
  type Job,
  type Move,
  moved,
  newJob,
  STATE_NAMES,
  type StateName,
} from './job'
import { type JobEvents, jobEvents } from './job-events'
import type { Jobs, Progress } from './jobs'
import { isGone, serverName } from './server-name'
import { abandonedStatements, type JobRow, jobStatements } from './sqlite-rows'

/** What the servers of this process that have one file open share. */
interface Channel {
  readonly events: JobEvents
  readonly progress: Map<string, Progress>
  users: number
}
/** Should the power fail, a job goes on from before these moves and makes them again. */
const HARMLESS: readonly Move['kind'][] = ['prepare', 'upload', 'fetch', 'wait']

const channels = new Map<string, Channel>()

/**
 * Opens the file, or makes it; its folder is there. Throws what openStore throws. A claim that is not renewed for `leaseMs`
 * is free for others; at once where its process on this machine has ended.
 */
export function openSqliteJobs(path: string, { leaseMs = 15_000 }: { leaseMs?: number } = {}): Jobs {
  const file = resolve(path)
  const store = openStore(file)
  const rows = jobStatements(store)
  const abandoned = abandonedStatements(store)
  const server = serverName()
  const channel = channels.get(file) ?? { events: jobEvents(), progress: new Map(), users: 0 }
  channels.set(file, channel)
  channel.users++
  const held = new Map<string, HeldClaim>() // by the job's id
  let claims = 0
  let renewedMs = Date.now()
  let isClosed = false

  work(() => {
    for (const holder of rows.holders()) if (isGone(serverOf(holder))) rows.release(holder)
  })
  const renewing = setInterval(() => {
    try {
      renew()
    } catch (error) {
      console.error(error) // the leases still run for a while, and the next renewal may work
    }
  }, leaseMs / 3).unref()
  const listening = channel.events.watch((event) => {
    if (event.kind === 'changed') held.get(event.job.id)?.hear(event.job)
  })

  const keeper: Keeper = {
    async move(job, token, move) {
      const next = change(
        job.id,
        (row) => {
          if (row.holder !== token) throw lostClaim(job.id)
          const after = moved(row.job, move, Date.now())
          return { job: after, holder: isHeldIn(after) ? token : null }
        },
        HARMLESS.includes(move.kind) ? lazily : work,
      )
      if (!next) throw lostClaim(job.id)
      return next
    },
    release: async (_, token) => void lazily(() => rows.release(token)),
    report(id, progress) {
      channel.progress.set(id, progress)
      channel.events.tell({ kind: 'progress', id, progress })
    },
    preview: (id, preview) => channel.events.tell({ kind: 'preview', id, preview }),
    over: (claim) => void held.delete(claim.job.id),
  }

  return {
    async add(request, key) {
      const job = newJob(randomUUID(), request, Date.now())
      for (;;) {
        if (work(() => rows.insert(job, key))) {
          channel.events.tell({ kind: 'changed', job })
          return { job, isNew: true }
        }
        const known = key === undefined ? undefined : work(() => rows.byKey(key))
        if (known) return { job: known.job, isNew: false }
      }
    },
    find: async (id) => work(() => rows.byId(id)?.job),
    list: async ({ states, before, limit }) => work(() => rows.list(states, before, limit)),
    async counts() {
      const found = new Map(work(rows.counts).map(({ state, count }) => [state, count]))
      const counts = STATE_NAMES.map((name) => [name, found.get(name) ?? 0])
      return Object.fromEntries(counts) as Record<StateName, number> // every name is there
    },
    progress: async (id) => channel.progress.get(id),
    async claim() {
      // After a sleep of this machine all that is held is overdue; it is ours still, unless somebody took it.
      if (held.size && Date.now() - renewedMs > leaseMs / 2) renew()
      const token = `${server.name}:${++claims}`
      const nowMs = Date.now()
      const row = lazily(() => rows.claim(token, nowMs + leaseMs, nowMs))
      if (!row) return undefined
      held.get(row.job.id)?.lose()
      const claim = heldClaim(row.job, token, keeper)
      held.set(row.job.id, claim)
      return claim
    },
    cancel: async (id) =>
      change(id, ({ job, holder, leaseEndMs }) => {
        if (isEnded(job)) return { job, holder }
        const isHeld = holder !== null && leaseEndMs > Date.now()
        if (job.state.name === 'queued' && !isHeld) {
          return { job: moved(job, { kind: 'cancel' }, Date.now()), holder: null }
        }
        return { job: job.cancelRequested ? job : cancelRequested(job, Date.now()), holder }
      }),
    retry: async (id) =>
      change(id, ({ job }) => ({ job: moved(job, { kind: 'retry' }, Date.now()), holder: null })),
    async remove(id) {
      const job = work(() =>
        inTransaction(store, () => {
          const known = rows.byId(id)?.job
          if (known && !isEnded(known))
            throw illegalMove(`A job that is ${known.state.name} cannot be forgotten.`)
          if (known) rows.remove(id)
          return known
        }),
      )
      if (job) channel.events.tell({ kind: 'removed', id })
      return job
    },
    wake: async () => void lazily(() => rows.wake(Date.now())),
    watch: (listener) => channel.events.watch(listener),
    abandoned: {
      add: async (prompt) => void work(() => abandoned.add(prompt)),
      on: async (box) => work(() => abandoned.on(box)),
      remove: async (prompt) => void work(() => abandoned.remove(prompt)),
    },
    async close() {
      if (isClosed) return
      const tokens = [...held.values()].map((claim) => claim.token)
      for (const claim of [...held.values()]) claim.lose()
      try {
        work(() => inTransaction(store, () => tokens.map(rows.release)))
      } catch (error) {
        console.error(error) // on a full disk; this process ends, and then they are free all the same
      }
      isClosed = true
      clearInterval(renewing)
      listening[Symbol.dispose]()
      server[Symbol.dispose]()
      if (!--channel.users) channels.delete(file)
      closeStore(store)
    },
  }

  /** One change of one job: read, changed and written as one, then told. Undefined where there is no such job. */
  function change(
    id: string,
    by: (row: JobRow) => Pick<JobRow, 'job' | 'holder'>,
    write = work,
  ): Job | undefined {
    const { before, after } = write(() =>
      inTransaction(store, () => {
        const row = rows.byId(id)
        if (!row) return {}
        const next = by(row)
        if (next.job !== row.job) rows.update(next.job, next.holder, Date.now() + leaseMs)
        return { before: row.job, after: next.job }
      }),
    )
    if (!after || after === before) return after
    if (!isHeldIn(after)) channel.progress.delete(id)
    channel.events.tell({ kind: 'changed', job: after })
    return after
  }

  function lazily<T>(statements: () => T): T {
    return work(() => unsynced(store, statements))
  }

  function renew(): void {
    renewedMs = Date.now()
    const renewed = lazily(() =>
      inTransaction(store, () =>
        [...held.values()].map((claim) => ({ claim, row: rows.renew(claim.token, renewedMs + leaseMs) })),
      ),
    )
    for (const { claim, row } of renewed) {
      if (row) claim.hear(row.job)
      else claim.lose()
    }
  }

  function work<T>(statements: () => T): T {
    if (isClosed) throw Object.assign(new Error('The queue is closed.'), { name: 'QueueClosedError' })
    try {
      return statements()
    } catch (error) {
      throw explainStore(error)
    }
  }
}

const serverOf = (holder: string): string => holder.slice(0, holder.lastIndexOf(':'))
