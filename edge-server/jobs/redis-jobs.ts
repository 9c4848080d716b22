/** The queue in Redis, shared by any number of servers. */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { ask, openRedis } from '../store/redis'
import { cancelRequested, illegalMove, isEnded, type Job, moved, newJob } from './job'
import type { Jobs } from './jobs'
import { openRedisChannel, RedisProgress } from './redis-channel'
import { followed, redisClaims } from './redis-claims'
import { openRedisQueue } from './redis-queue'
import { type RedisRecord, redisRecords } from './redis-records'

/** How many of the newest jobs are looked at for what happened while Redis was away. */
const CATCH_UP_JOBS = 500

/** How often the servers look, in turns, for what one of them left half done. */
const REPAIR_MS = 2000

interface RedisJobsOptions {
  /** Begins every key; the braces keep them together on one node of a cluster. */
  readonly prefix?: string
  readonly leaseMs?: number
  /** After this long without an answer a call fails. */
  readonly answerMs?: number
}

/**
 * Connects to Redis. Throws an Error named QueueUnavailableError, as every call does while Redis is away.
 *
 * A job is two things: its record, which is the truth, and an entry in BullMQ's queue, by which a server gets it. The record is
 * always written first. Should the server die before the entry follows, then an entry too many is thrown away by whoever
 * takes it, and a missing one is put back by the next round of repair().
 */
export async function openRedisJobs(
  url: string,
  { prefix = '{understudy}', leaseMs = 15_000, answerMs = 5000 }: RedisJobsOptions = {},
): Promise<Jobs> {
  const redis = await openRedis(url, answerMs)
  const channelName = `${prefix}:events`
  const abandonedKey = (box: string) => `${prefix}:abandoned:${box}`
  const records = redisRecords(redis, prefix, channelName)
  const { queue, channel } = await openParts().catch((error: unknown) => {
    redis.disconnect()
    throw error
  })
  const claims = redisClaims(records, queue, channel)
  let isClosed = false
  const listening = channel.watch((event) => {
    if (event.kind === 'changed') claims.hear(event.job)
  })
  const renewing = every(leaseMs / 3, claims.renew)
  const repairing = every(REPAIR_MS, repair)

  return {
    async add(request, key) {
      open()
      const job = newJob(randomUUID(), request, Date.now())
      for (;;) {
        const id = await records.add(job, entryOf(job), key)
        if (id === job.id) {
          await followed(queue.add(entryOf(job), 0))
          return { job, isNew: true }
        }
        const known = await records.read(id)
        if (!known) continue // forgotten just now, and the key with it
        // The first request may have been cut off between the record and its entry.
        const { entry, isHeld } = known
        const { state } = known.job
        if (state.name === 'queued' && !isHeld) await followed(queue.add(entry, state.notBeforeMs))
        return { job: known.job, isNew: false }
      }
    },
    async find(id) {
      open()
      return (await records.read(id))?.job
    },
    async list(filter) {
      open()
      return records.list(filter)
    },
    async counts() {
      open()
      return records.counts()
    },
    async progress(id) {
      open()
      const text = await ask(() => redis.hget(records.progressKey, id))
      return text ? v.parse(RedisProgress, JSON.parse(text)) : undefined
    },
    async claim() {
      open()
      return claims.claim()
    },
    cancel: (id) =>
      change(id, ({ job, entry, isHeld }) => {
        if (isEnded(job)) return { job, entry }
        if (job.state.name === 'queued' && !isHeld) {
          return { job: moved(job, { kind: 'cancel' }, Date.now()), entry, onlyIdle: true }
        }
        return { job: job.cancelRequested ? job : cancelRequested(job, Date.now()), entry }
      }),
    retry: (id) =>
      change(id, ({ job }) => {
        const next = moved(job, { kind: 'retry' }, Date.now())
        return { job: next, entry: entryOf(next) }
      }),
    async remove(id) {
      open()
      for (;;) {
        const known = await records.read(id)
        if (!known) return undefined
        const { job } = known
        if (!isEnded(job)) throw illegalMove(`A job that is ${job.state.name} cannot be forgotten.`)
        if ((await records.remove(job)) === 'written') return job
      }
    },
    async wake() {
      open()
      await records.wake(Date.now())
      await followed(queue.wakeAll())
    },
    watch: (listener) => channel.watch(listener),
    abandoned: {
      async add({ box, promptId }) {
        open()
        await ask(() => redis.sadd(abandonedKey(box), promptId))
      },
      async on(box) {
        open()
        return (await ask(() => redis.smembers(abandonedKey(box)))).sort()
      },
      async remove({ box, promptId }) {
        open()
        await ask(() => redis.srem(abandonedKey(box), promptId))
      },
    },
    async close() {
      if (isClosed) return
      isClosed = true
      clearInterval(renewing)
      clearInterval(repairing)
      listening[Symbol.dispose]()
      await claims.releaseAll()
      await channel[Symbol.asyncDispose]()
      await queue[Symbol.asyncDispose]()
      redis.disconnect()
    },
  }

  async function openParts() {
    const queue = await openRedisQueue(redis, prefix, leaseMs)
    const current = () => records.list({ limit: CATCH_UP_JOBS })
    const { progressKey } = records
    const channel = await openRedisChannel(redis, { channel: channelName, progressKey, current })
    return { queue, channel }
  }

  /** One change by somebody who does not hold the job. Undefined where there is no such job. */
  async function change(
    id: string,
    by: (record: RedisRecord) => { readonly job: Job; readonly entry: string; readonly onlyIdle?: boolean },
  ): Promise<Job | undefined> {
    open()
    for (;;) {
      const known = await records.read(id)
      if (!known) return undefined
      const { job: next, entry, onlyIdle = false } = by(known)
      if (next === known.job) return next
      // A wish for its end leaves the job with its holder.
      const holder: 'same' | 'nobody' = next.state === known.job.state ? 'same' : 'nobody'
      const mark = randomUUID()
      const write = { next, version: known.job.version, entry, by: '', onlyIdle, holder, mark }
      if ((await records.write(write)) !== 'written') continue
      if (isEnded(next)) await followed(queue.remove(entry))
      if (next.state.name === 'queued' && entry !== known.entry) await followed(queue.add(entry, 0))
      return next
    }
  }

  /** Puts right what a server left half done when it died. */
  async function repair(): Promise<void> {
    const { missing, asleep } = await records.astray(Date.now(), REPAIR_MS / 2)
    for (const { entry, notBeforeMs } of missing) await queue.add(entry, notBeforeMs)
    for (const entry of asleep) await followed(queue.wake(entry))
  }

  function open(): void {
    if (isClosed) throw Object.assign(new Error('The queue is closed.'), { name: 'QueueClosedError' })
  }
}

/** Where a job stands in BullMQ's queue; another place each time that it is queued by a person. */
const entryOf = ({ id, version }: Job): string => `${id}.${version}`

/** Runs `work` now and again and again; an outage has been told of by the connection, and the next time may work. */
function every(ms: number, work: () => Promise<void>): NodeJS.Timeout {
  let isBusy = false
  const run = () => {
    if (isBusy) return
    isBusy = true
    void work()
      .catch((error: Error) => error.name === 'QueueUnavailableError' || console.error(error))
      .finally(() => {
        isBusy = false
      })
  }
  run()
  return setInterval(run, ms).unref()
}
