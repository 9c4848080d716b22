/** The records of jobs in Redis. Each change is one script, so that a record is never half written. */
import type { Redis } from 'ioredis'
import { ask } from '../store/redis'
import { redisScripts } from '../store/redis-scripts'
import { isHeldIn } from './held-claim'
import { type Job, STATE_NAMES, type StateName } from './job'
import { parseJob } from './job-record'
import type { JobFilter } from './jobs'
import add from './redis/add.lua?raw'
import astray from './redis/astray.lua?raw'
import claim from './redis/claim.lua?raw'
import list from './redis/list.lua?raw'
import read from './redis/read.lua?raw'
import remove from './redis/remove.lua?raw'
import wake from './redis/wake.lua?raw'
import write from './redis/write.lua?raw'

export interface RedisRecord {
  readonly job: Job
  /** Its place in BullMQ's queue: each time that a person queues it, it gets a new one. */
  readonly entry: string
  readonly isHeld: boolean
}

export interface RedisWrite {
  readonly next: Job
  /** The version that `next` was made from. */
  readonly version: number
  readonly entry: string
  /** Its holder, who writes; '' where somebody else does. */
  readonly by: string
  /** Refuse where anybody holds it. */
  readonly onlyIdle: boolean
  readonly holder: 'same' | 'nobody'
  /** The same mark again is the same write. */
  readonly mark: string
}

/** What became of an entry that was taken. */
export type RedisClaimed =
  | { readonly outcome: 'held'; readonly job: Job }
  | { readonly outcome: 'early'; readonly notBeforeMs: number }
  | { readonly outcome: 'stale' | 'lost' }

export type RedisRecords = ReturnType<typeof redisRecords>

/** Keys begin with `prefix`; what happens is told on `channel`. */
export function redisRecords(redis: Redis, prefix: string, channel: string) {
  const run = redisScripts(redis, { add, astray, claim, list, read, remove, wake, write })
  const jobKey = (id: string) => `${prefix}:job:${id}`
  const stateKey = (name: StateName) => `${prefix}:state:${name}`
  const all = `${prefix}:all`
  const progress = `${prefix}:progress`

  return {
    progressKey: progress,
    /** The id under which the job is known: another one where the key made one before. */
    async add(job: Job, entry: string, key = ''): Promise<string> {
      const { record, notBefore, event } = written(job)
      const keys = [jobKey(job.id), `${prefix}:key:${key}`, `${prefix}:number`, all, stateKey('queued')]
      return String(await run('add', keys, [job.id, record, notBefore, entry, key, channel, event]))
    },
    async read(id: string): Promise<RedisRecord | undefined> {
      const [record, notBefore, entry, held] = (await run('read', [jobKey(id)], [prefix])) as string[] // read.lua
      if (record === undefined || entry === undefined) return undefined
      return { job: parseRecord(record, notBefore), entry, isHeld: held === '1' }
    },
    async write({ next, version, entry, by, onlyIdle, holder, mark }: RedisWrite) {
      const { record, notBefore, event } = written(next)
      const conditions = [prefix, next.id, version, by, onlyIdle ? 1 : 0, mark]
      const fields = [record, next.version, next.state.name, notBefore, entry, holder]
      const args = [...conditions, ...fields, channel, event, isHeldIn(next) ? 0 : 1]
      const outcome = await run('write', [jobKey(next.id), progress], args)
      return outcome as 'written' | 'again' | 'changed' | 'lost' | 'gone' // write.lua
    },
    async claim(id: string, entry: string, holder: string, nowMs: number): Promise<RedisClaimed> {
      const keys = [jobKey(id), `${prefix}:jobs:${entry}:lock`]
      const answer = await run('claim', keys, [entry, holder, nowMs])
      const [outcome, first = '', second] = answer as ['held' | 'early' | 'stale' | 'lost', string?, string?] // claim.lua
      if (outcome === 'held') return { outcome, job: parseRecord(first, second) }
      if (outcome === 'early') return { outcome, notBeforeMs: Number(first) }
      return { outcome }
    },
    async remove({ id, version }: Job) {
      const args = [prefix, id, version, channel, JSON.stringify({ kind: 'removed', id })]
      const outcome = await run('remove', [jobKey(id), all, progress], args)
      return outcome as 'written' | 'changed' | 'gone' // remove.lua
    },
    wake: (nowMs: number) => run('wake', [stateKey('queued')], [prefix, nowMs]),
    /** Jobs whose entry is missing or sleeps too long; nothing where a server looked less than `turnMs` ago. */
    async astray(nowMs: number, turnMs: number) {
      const answer = await run('astray', [`${prefix}:turn`], [prefix, nowMs, turnMs])
      const [missing, asleep] = answer as [[string, string, string][], string[]] // astray.lua
      return {
        missing: missing.map(([id, entry, time]) => ({ id, entry, notBeforeMs: Number(time) })),
        asleep,
      }
    },
    async list({ states, before = '', limit }: JobFilter): Promise<Job[]> {
      if (states && !states.length) return []
      const answer = (await run('list', [all], [prefix, before, limit, ...(states ?? [])])) as string[] // list.lua
      const jobs: Job[] = []
      for (let i = 0; i < answer.length; i += 2) jobs.push(parseRecord(answer[i] ?? '', answer[i + 1]))
      return jobs
    },
    async counts(): Promise<Record<StateName, number>> {
      const counted = async (name: StateName) => [name, await redis.zcard(stateKey(name))] as const
      return Object.fromEntries(await ask(() => Promise.all(STATE_NAMES.map(counted)))) as Record<
        StateName,
        number
      > // all
    },
  }
}

/** What is kept of a job, and what is told of it. When it may start is kept beside it, so that scripts can change it. */
function written(job: Job) {
  const { state } = job
  const record = JSON.stringify(job)
  return {
    record,
    notBefore: state.name === 'queued' ? state.notBeforeMs : '',
    event: `{"kind":"changed","job":${record}}`,
  }
}

function parseRecord(record: string, notBefore = ''): Job {
  const job = parseJob(JSON.parse(record))
  if (job.state.name !== 'queued') return job
  return { ...job, state: { ...job.state, notBeforeMs: Number(notBefore) } }
}
