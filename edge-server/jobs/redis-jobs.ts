/** The queue in Redis, shared by any number of servers. */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { ask, openRedis } from '../store/redis'
import { type HeldClaim, heldClaim, isHeldIn, type Keeper, lostClaim } from './held-claim'
import { cancelRequested, illegalMove, isEnded, type Job, type Move, moved, newJob } from './job'
import type { Claim, Jobs } from './jobs'
import { openRedisChannel, RedisProgress } from './redis-channel'
import { type LockedEntry, openRedisQueue } from './redis-queue'
import { type RedisRecord, redisRecords } from './redis-records'

/** How many of the newest jobs are looked at for what happened while Redis was away. */
const CATCH_UP_JOBS = 500

interface RedisJobsOptions {
  /** Begins every key; the braces keep them together on one node of a cluster. */
  readonly prefix?: string
  readonly leaseMs?: number
  /** After this long without an answer a call fails. */
  readonly answerMs?: number
}

interface Held {
  readonly claim: HeldClaim
  readonly lock: LockedEntry
  /** The last write, where nobody knows whether it arrived. */
  doubtful?: { readonly move: string; readonly mark: string }
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
  const records = redisRecords(redis, prefix, channelName)
  const queue = await openRedisQueue(redis, prefix, leaseMs)
  const channel = await openRedisChannel(redis, {
    channel: channelName,
    progressKey: records.progressKey,
    current: () => records.list({ limit: CATCH_UP_JOBS }),
  })
  const abandonedKey = (box: string) => `${prefix}:abandoned:${box}`
  const server = randomUUID()
  const held = new Map<string, Held>() // by the job's id
  let claims = 0
  let isClosed = false

  const listening = channel.watch((event) => {
    if (event.kind === 'changed') held.get(event.job.id)?.claim.hear(event.job)
  })
  const renewing = every(leaseMs / 3, renew)
  const repairing = every(leaseMs, repair)
  await repair()

  const keeper: Keeper = {
    move: moveHeld,
    release: async (job) => held.get(job.id)?.lock.putBack(),
    report: (id, progress) => channel.report(id, progress),
    preview: (id, preview) => channel.preview(id, preview),
    over: (claim) => {
      if (held.get(claim.job.id)?.claim === claim) held.delete(claim.job.id)
    },
  }

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
        const { state } = known.job
        if (state.name === 'queued' && !known.isHeld)
          await followed(queue.add(known.entry, state.notBeforeMs))
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
    claim,
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
        if (!isEnded(known.job))
          throw illegalMove(`A job that is ${known.job.state.name} cannot be forgotten.`)
        if ((await records.remove(known.job)) === 'written') return known.job
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
      const locks = [...held.values()].map(({ claim, lock }) => {
        claim.lose()
        return followed(lock.putBack())
      })
      await Promise.all(locks)
      await channel[Symbol.asyncDispose]()
      await queue[Symbol.asyncDispose]()
      redis.disconnect()
    },
  }

  async function claim(): Promise<Claim | undefined> {
    for (;;) {
      open()
      const lock = await queue.take(`${server}:${++claims}`)
      if (!lock) return undefined
      const id = lock.entry.slice(0, lock.entry.indexOf('.'))
      const found = await records.claim(id, lock.entry, lock.token, Date.now())
      if (found.outcome === 'held' && found.job) {
        held.get(id)?.claim.lose()
        const claim = heldClaim(found.job, lock.token, keeper)
        held.set(id, { claim, lock })
        return claim
      }
      // Left over from a server that died between two writes.
      if (found.outcome === 'early') await followed(lock.delay(found.notBeforeMs ?? 0))
      if (found.outcome === 'stale') await followed(lock.finish())
    }
  }

  async function moveHeld(job: Job, token: string, move: Move): Promise<Job> {
    open()
    const own = held.get(job.id)
    if (own?.lock.token !== token) throw lostClaim(job.id)
    // A move that is made again after Redis did not answer is the same write, should the first one have arrived.
    const mark = own.doubtful?.move === JSON.stringify(move) ? own.doubtful.mark : randomUUID()
    own.doubtful = { move: JSON.stringify(move), mark }
    for (let known = job; ; ) {
      const next = moved(known, move, Date.now())
      const holder: 'same' | 'nobody' = isHeldIn(next) ? 'same' : 'nobody'
      const rest = { entry: own.lock.entry, by: token, onlyIdle: false, holder, mark }
      const outcome = await records.write({ next, version: known.version, ...rest })
      if (outcome === 'written') return settled(own, next)
      const now = outcome === 'changed' || outcome === 'again' ? await records.read(job.id) : undefined
      if (!now) throw lostClaim(job.id)
      if (outcome === 'again') return settled(own, now.job)
      known = now.job
    }
  }

  /** The entry follows the record that its holder wrote. */
  async function settled(own: Held, job: Job): Promise<Job> {
    delete own.doubtful
    if (isEnded(job)) await followed(own.lock.finish())
    if (job.state.name === 'queued') await followed(own.lock.delay(job.state.notBeforeMs))
    return job
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

  async function renew(): Promise<void> {
    const locks = [...held.values()]
    const gone = new Set(await queue.renew(locks.map(({ lock }) => lock)))
    for (const { claim, lock } of locks) {
      if (gone.has(lock.entry)) claim.lose()
      // Should the news of it have got lost: has somebody asked for its end?
      else {
        const known = await records.read(claim.job.id)
        if (known) claim.hear(known.job)
      }
    }
  }

  /** Puts right what a server left half done when it died. */
  async function repair(): Promise<void> {
    const { missing, asleep } = await records.astray(Date.now(), leaseMs)
    for (const { entry, notBeforeMs } of missing) await queue.add(entry, notBeforeMs)
    for (const entry of asleep) await followed(queue.wake(entry))
  }

  function open(): void {
    if (isClosed) throw Object.assign(new Error('The queue is closed.'), { name: 'QueueClosedError' })
  }
}

/** Where a job stands in BullMQ's queue; another place each time that it is queued by a person. */
const entryOf = ({ id, version }: Job): string => `${id}.${version}`

/** What follows a record that is written: should it fail, then another server or repair() makes up for it. */
async function followed(step: Promise<void>): Promise<void> {
  await step.catch(() => {})
}

/** Runs `work` again and again; an outage has been told of by the connection, and the next time may work. */
function every(ms: number, work: () => Promise<void>): NodeJS.Timeout {
  let isBusy = false
  return setInterval(() => {
    if (isBusy) return
    isBusy = true
    void work()
      .catch((error: Error) => error.name === 'QueueUnavailableError' || console.error(error))
      .finally(() => {
        isBusy = false
      })
  }, ms).unref()
}
