/** BullMQ as the queue: the order of jobs, their locks, and what becomes of those whose server died. */
import { type Job as Entry, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { ask } from '../store/redis'

/** An entry that a server has the lock of. */
export interface LockedEntry {
  readonly entry: string
  readonly token: string
  /** It has had its turn. */
  finish(): Promise<void>
  /** To the front of the queue, for anyone. */
  putBack(): Promise<void>
  /** To the end of the queue at that time. */
  delay(untilMs: number): Promise<void>
}

export interface RedisQueue extends AsyncDisposable {
  /** Nothing happens where the entry is there already. */
  add(entry: string, notBeforeMs: number): Promise<void>
  take(token: string): Promise<LockedEntry | undefined>
  /** The entries whose lock is no longer ours. */
  renew(locks: readonly { readonly entry: string; readonly token: string }[]): Promise<readonly string[]>
  remove(entry: string): Promise<void>
  wakeAll(): Promise<void>
  wake(entry: string): Promise<void>
}

/** How often the servers look, in turns, for entries whose lock has ended. */
const STALLED_MS = 500

/** The lock of an entry ends after `leaseMs`; at most two looks later another server can have it. */
export async function openRedisQueue(redis: Redis, prefix: string, leaseMs: number): Promise<RedisQueue> {
  const queue = new Queue('jobs', {
    connection: redis,
    prefix,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
    streams: { events: { maxLen: 100 } }, // nobody reads BullMQ's own events
  })
  const worker = new Worker('jobs', null, {
    connection: redis,
    prefix,
    autorun: false,
    lockDuration: leaseMs,
    stalledInterval: STALLED_MS,
    maxStalledCount: Number.MAX_SAFE_INTEGER, // how often a job is tried is our records' business
  })
  // Calls fail by themselves, and the connection tells of its outages.
  queue.on('error', () => {})
  worker.on('error', () => {})
  await ask(() => Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]))
  await ask(() => worker.startStalledCheckTimer())

  return {
    async add(entry, notBeforeMs) {
      const delay = Math.max(notBeforeMs - Date.now(), 0)
      await ask(() => queue.add('job', {}, { jobId: entry, ...(delay ? { delay } : {}) }))
    },
    async take(token) {
      const taken: Entry | undefined = await ask(() => worker.getNextJob(token, { block: false }))
      if (!taken?.id) return undefined
      return {
        entry: taken.id,
        token,
        finish: () => ask(async () => void (await taken.moveToCompleted(null, token, false))),
        putBack: () => ask(async () => void (await taken.moveToWait(token))),
        delay: (untilMs) => ask(() => taken.moveToDelayed(untilMs, token)),
      }
    },
    async renew(locks) {
      if (!locks.length) return []
      const entries = locks.map(({ entry }) => entry)
      const tokens = locks.map(({ token }) => token)
      return ask(() => worker.extendJobLocks(entries, tokens, leaseMs))
    },
    remove: (entry) => ask(async () => void (await queue.remove(entry))),
    wakeAll: () => ask(() => queue.promoteJobs()),
    wake: (entry) => ask(async () => (await queue.getJob(entry))?.promote()),
    async [Symbol.asyncDispose]() {
      await Promise.all([worker.close(true), queue.close()])
    },
  }
}
