/** The jobs that this server works on, of those in Redis. */
import { randomUUID } from 'node:crypto'
import { type HeldClaim, heldClaim, isHeldIn, type Keeper, lostClaim } from './held-claim'
import { isEnded, type Job, type Move, moved } from './job'
import type { Claim } from './jobs'
import type { RedisChannel } from './redis-channel'
import type { LockedEntry, RedisQueue } from './redis-queue'
import type { RedisRecords } from './redis-records'

export interface RedisClaims {
  claim(): Promise<Claim | undefined>
  /** News of a job, which may be held here. */
  hear(job: Job): void
  /** Keeps the locks of what is held, and finds out what is not any more. */
  renew(): Promise<void>
  releaseAll(): Promise<void>
}

interface Held {
  readonly claim: HeldClaim
  readonly lock: LockedEntry
  /** The last write, while nobody knows whether it arrived. */
  doubtful?: { readonly move: string; readonly mark: string }
}

export function redisClaims(records: RedisRecords, queue: RedisQueue, channel: RedisChannel): RedisClaims {
  const server = randomUUID()
  const held = new Map<string, Held>() // by the job's id
  let count = 0
  const keeper: Keeper = {
    move,
    release: async (job) => held.get(job.id)?.lock.putBack(),
    report: (id, progress) => channel.report(id, progress),
    preview: (id, preview) => channel.preview(id, preview),
    over: (claim) => {
      if (held.get(claim.job.id)?.claim === claim) held.delete(claim.job.id)
    },
  }

  return {
    async claim() {
      for (;;) {
        const lock = await queue.take(`${server}:${++count}`)
        if (!lock) return undefined
        const id = lock.entry.slice(0, lock.entry.indexOf('.'))
        const found = await records.claim(id, lock.entry, lock.token, Date.now())
        if (found.outcome === 'held') {
          held.get(id)?.claim.lose()
          const claim = heldClaim(found.job, lock.token, keeper)
          held.set(id, { claim, lock })
          return claim
        }
        // Left over from a server that died between two writes.
        if (found.outcome === 'early') await followed(lock.delay(found.notBeforeMs))
        if (found.outcome === 'stale') await followed(lock.finish())
      }
    },
    hear: (job) => held.get(job.id)?.claim.hear(job),
    async renew() {
      const all = [...held.values()]
      const gone = new Set(await queue.renew(all.map(({ lock }) => lock)))
      for (const { claim, lock } of all) {
        if (gone.has(lock.entry)) claim.lose()
        else {
          // Somebody may have asked for its end while this server heard nothing.
          const known = await records.read(claim.job.id)
          if (known) claim.hear(known.job)
        }
      }
    },
    async releaseAll() {
      const locks = [...held.values()].map(({ claim, lock }) => {
        claim.lose()
        return followed(lock.putBack())
      })
      await Promise.all(locks)
    },
  }

  async function move(job: Job, token: string, step: Move): Promise<Job> {
    const own = held.get(job.id)
    if (own?.lock.token !== token) throw lostClaim(job.id)
    // A move that is made again after Redis did not answer is the same write, should the first one have arrived.
    const text = JSON.stringify(step)
    const mark = own.doubtful?.move === text ? own.doubtful.mark : randomUUID()
    own.doubtful = { move: text, mark }
    for (let known = job; ; ) {
      const next = moved(known, step, Date.now())
      const holder: 'same' | 'nobody' = isHeldIn(next) ? 'same' : 'nobody'
      const rest = { entry: own.lock.entry, by: token, onlyIdle: false, holder, mark }
      const outcome = await records.write({ next, version: known.version, ...rest })
      if (outcome === 'written') return settled(own, next)
      const now = outcome === 'changed' || outcome === 'again' ? await records.read(job.id) : undefined
      if (!now) throw lostClaim(job.id)
      if (outcome === 'again') return settled(own, now.job)
      known = now.job
      own.claim.hear(known) // should the move be illegal from here, its maker sees why
    }
  }

  /** The entry follows the record that its holder wrote. */
  async function settled(own: Held, job: Job): Promise<Job> {
    delete own.doubtful
    if (isEnded(job)) await followed(own.lock.finish())
    if (job.state.name === 'queued') await followed(own.lock.delay(job.state.notBeforeMs))
    return job
  }
}

/** What follows a record that is written: should it fail, another server or the next round of repair makes up for it. */
export async function followed(step: Promise<void>): Promise<void> {
  await step.catch(() => {})
}
