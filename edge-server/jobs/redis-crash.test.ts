/** What a server that dies between two of its writes leaves in Redis, and what a Redis that goes away does to a server. */
import { randomUUID } from 'node:crypto'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { startCutLine } from '../../tests/jobs/cut-line'
import { noRedis, type RedisServer, startRedis } from '../../tests/jobs/redis-server'
import type { Job, JobRequest, Move } from './job'
import type { Claim, JobEvent, Jobs } from './jobs'
import { openRedisJobs } from './redis-jobs'

const request: JobRequest = { workflow: 'w', tier: 'fast', inputs: {}, parameters: {}, sentence: '' }
const promptId = '4b0ae3c2-0f4c-4e0b-9f38-5f2d4a1c7e11'
const wait = (): Move => ({ kind: 'wait', waiting: { reason: 'No box.' }, untilMs: Date.now() + 3_600_000 })
const fail: Move = { kind: 'fail', error: { name: 'BoxFailed', message: '' } }
const soon = { timeout: 30_000, interval: 25 }

describe.skipIf(noRedis)(`with Redis${noRedis ? `, skipped: ${noRedis}` : ''}`, () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis({ keeps: true })
  })
  afterAll(() => redis[Symbol.asyncDispose]())
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => {}) // where outages are told of
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })
  const hostAndPort = () => ({ host: '127.0.0.1', port: Number(new URL(redis.url).port) })

  test('a server that dies before any of its messages loses no job and doubles none', async () => {
    const whole = await lifeAndDeath(Number.POSITIVE_INFINITY)
    expect(whole.ended).toBe('by itself')
    expect(whole.messages).toBeGreaterThan(30)
    const points = Array.from({ length: whole.messages }, (_, n) => n)
    const lives: string[] = []
    const next = async (): Promise<void> => {
      for (let n = points.shift(); n !== undefined; n = points.shift())
        lives.push((await lifeAndDeath(n)).ended)
    }
    await Promise.all(Array.from({ length: 12 }, next))
    // How many there are differs a little, as timers speak too.
    expect(lives.filter((ended) => ended === 'cut').length).toBeGreaterThan(whole.messages / 2)
  })

  /** One server lives through everything that writes, on a line that is cut after some messages; another one takes over. */
  async function lifeAndDeath(messages: number): Promise<{ ended: 'cut' | 'by itself'; messages: number }> {
    const prefix = `{${randomUUID()}}`
    await using line = await startCutLine(hostAndPort())
    const mortal = await openRedisJobs(`redis://127.0.0.1:${line.port}`, { prefix })
    const survivor = await openRedisJobs(redis.url, { prefix })
    try {
      const begin = line.messages
      line.cutAfter(messages)
      const ended = await life(mortal).then(
        () => 'by itself' as const,
        (error: Error) => {
          expect(error.name).toBe('QueueUnavailableError')
          return 'cut' as const
        },
      )
      const said = line.messages - begin
      line.cutAfter(0)
      await endLeases(prefix)

      // Whoever asked for the first job and was not answered asks again.
      await survivor.add(request, 'first')
      const finished: string[] = []
      await vi.waitFor(async () => {
        await survivor.wake()
        for (let claim = await survivor.claim(); claim; claim = await survivor.claim()) {
          finished.push(claim.job.id)
          await finish(claim)
        }
        const { succeeded, failed, cancelled, ...ongoing } = await survivor.counts()
        expect(Object.values(ongoing)).toEqual([0, 0, 0, 0, 0])
        expect(succeeded + failed + cancelled).toBeGreaterThan(0)
        expect(await entries(prefix)).toEqual([])
      }, soon)
      expect(new Set(finished).size).toBe(finished.length)
      const jobs = await survivor.list({ limit: 9 })
      expect(jobs.length).toBeLessThanOrEqual(2)
      expect(await survivor.claim()).toBeUndefined()
      return { ended, messages: said }
    } finally {
      await Promise.all([mortal.close(), survivor.close()])
    }
  }

  test('an entry that does not fit its record is put right', async () => {
    const prefix = `{${randomUUID()}}`
    const jobs = await openRedisJobs(redis.url, { prefix })
    const raw = new Redis(redis.url)
    const queue = new Queue('jobs', { connection: hostAndPort(), prefix })
    const { job } = await jobs.add(request)
    await steps(await claimOf(jobs), ['wait'])
    // Died between the record that it waits and the entry: BullMQ gives it out too early.
    await queue.promoteJobs()
    expect(await queue.getWaitingCount()).toBe(1)
    expect(await jobs.claim()).toBeUndefined()
    expect(await queue.getDelayedCount()).toBe(1)
    // Died between the record that it was woken and the entry: BullMQ would hold it back for an hour.
    await raw.hset(`${prefix}:job:${job.id}`, 'notBefore', Date.now())
    const claim = await vi.waitFor(() => claimOf(jobs), soon)
    await steps(claim, ['cancel'])
    // Died before the entry of a job that has ended was taken away; or it is of an earlier turn.
    await queue.add('job', {}, { jobId: `${job.id}.1` })
    expect(await jobs.claim()).toBeUndefined()
    await jobs.retry(job.id)
    await queue.add('job', {}, { jobId: `${job.id}.1` })
    await steps(await claimOf(jobs), ['fail'])
    expect(await jobs.claim()).toBeUndefined()
    expect(await entries(prefix)).toEqual([])
    raw.disconnect()
    await queue.close()
    await jobs.close()
  })

  /** What BullMQ still has to hand out. */
  async function entries(prefix: string): Promise<string[]> {
    const raw = new Redis(redis.url)
    try {
      const lists = await Promise.all(
        ['wait', 'active'].map((name) => raw.lrange(`${prefix}:jobs:${name}`, 0, -1)),
      )
      return [...lists.flat(), ...(await raw.zrange(`${prefix}:jobs:delayed`, 0, '-1'))]
    } finally {
      raw.disconnect()
    }
  }

  /** As if the time of all leases had passed. */
  async function endLeases(prefix: string): Promise<void> {
    const raw = new Redis(redis.url)
    const locks = await raw.keys(`${prefix}:jobs:*:lock`)
    if (locks.length) await raw.del(...locks)
    raw.disconnect()
  }

  test('while Redis is away calls fail with a name, and afterwards everything goes on', async () => {
    const prefix = `{${randomUUID()}}`
    const jobs = await openRedisJobs(redis.url, { prefix, leaseMs: 60_000 })
    const other = await openRedisJobs(redis.url, { prefix, leaseMs: 60_000 })
    const heard: JobEvent[] = []
    jobs.watch((event) => heard.push(event))
    const { job } = await jobs.add(request)
    const claim = (await jobs.claim()) as Claim
    await claim.move({ kind: 'prepare' })
    await redis.kill()
    const calls = [
      () => jobs.add(request),
      () => jobs.find(job.id),
      () => jobs.list({ limit: 1 }),
      () => jobs.counts(),
      () => jobs.claim(),
      () => jobs.cancel(job.id),
      () => jobs.wake(),
      () => claim.move({ kind: 'upload', box: 'b' }),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject({ name: 'QueueUnavailableError' })
    claim.report({ fraction: 0.5, doing: '', atMs: 0 }) // lost, and no error

    await redis.restart()
    await vi.waitFor(() => claim.move({ kind: 'upload', box: 'b' }), soon)
    await vi.waitFor(() => other.cancel(job.id), soon)
    await vi.waitFor(() => expect(claim.cancelled.aborted).toBe(true), soon)
    const { id } = await vi.waitFor(async () => (await other.add(request)).job, soon)
    expect((await jobs.claim())?.job.id).toBe(id)
    await vi.waitFor(
      () => expect(heard.some((event) => event.kind === 'changed' && event.job.id === id)).toBe(true),
      soon,
    )
    await Promise.all([jobs.close(), other.close()])
  })

  test('what changed while a server heard nothing is told when it hears again', async () => {
    const prefix = `{${randomUUID()}}`
    await using line = await startCutLine(hostAndPort())
    const deaf = await openRedisJobs(`redis://127.0.0.1:${line.port}`, { prefix })
    const other = await openRedisJobs(redis.url, { prefix })
    const heard = new Map<string, Job>()
    deaf.watch((event) => event.kind === 'changed' && heard.set(event.job.id, event.job))
    line.cutAfter(0)
    await expect(deaf.counts()).rejects.toMatchObject({ name: 'QueueUnavailableError' })
    const { job } = await other.add(request)
    line.cutAfter(Number.POSITIVE_INFINITY)
    await vi.waitFor(() => expect(heard.get(job.id)).toEqual(job), soon)
    await Promise.all([deaf.close(), other.close()])
  })

  test('a call without an answer can be made again, and has happened once', async () => {
    const prefix = `{${randomUUID()}}`
    const jobs = await openRedisJobs(redis.url, { prefix, answerMs: 300 })
    const raw = new Redis(redis.url)
    await jobs.add(request, 'warm') // so that Redis knows the scripts
    const claim = (await jobs.claim()) as Claim
    await claim.move({ kind: 'prepare' })
    // Redis takes what is sent, and works on it only after the caller has given up.
    await raw.client('PAUSE', 1000, 'ALL')
    const unanswered = [jobs.add(request, 'key'), claim.move({ kind: 'upload', box: 'b' })]
    for (const call of unanswered) await expect(call).rejects.toMatchObject({ name: 'QueueUnavailableError' })
    const moved = await vi.waitFor(() => claim.move({ kind: 'upload', box: 'b' }), soon)
    expect(moved).toMatchObject({ version: 3, state: { name: 'uploading' } })
    expect(claim.job).toEqual(moved)
    const { job, isNew } = await jobs.add(request, 'key')
    expect(isNew).toBe(false)
    expect((await jobs.claim())?.job).toEqual(job)
    expect(await jobs.list({ limit: 9 })).toHaveLength(2)
    raw.disconnect()
    await jobs.close()
  })

  test('a Redis that is full takes nothing in half, and says why', async () => {
    const prefix = `{${randomUUID()}}`
    const jobs = await openRedisJobs(redis.url, { prefix })
    const raw = new Redis(redis.url)
    const { job } = await jobs.add(request)
    const claim = await claimOf(jobs)
    await raw.config('SET', 'maxmemory', '1')
    const full = { name: 'QueueUnavailableError', message: expect.stringContaining('OOM') }
    await expect(jobs.add(request, 'key')).rejects.toMatchObject(full)
    await expect(claim.move({ kind: 'prepare' })).rejects.toMatchObject(full)
    expect(await jobs.list({ limit: 9 })).toEqual([job])
    await raw.config('SET', 'maxmemory', '0')
    expect((await jobs.add(request, 'key')).isNew).toBe(true)
    await claim.move({ kind: 'prepare' })
    raw.disconnect()
    await jobs.close()
  })

  test('a server does not start without Redis, and closes without it', async () => {
    const gone = await startRedis()
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const jobs = await openRedisJobs(gone.url)
    expect(warned).toHaveBeenCalledWith(expect.stringContaining('appendonly')) // this one keeps nothing
    await jobs.add(request)
    await jobs.claim()
    await gone.kill()
    await jobs.close()
    const start = openRedisJobs(gone.url.replace('redis://', 'redis://user:secret@'))
    await expect(start).rejects.toMatchObject({
      name: 'QueueUnavailableError',
      message: expect.not.stringContaining('secret'),
    })
    await gone[Symbol.asyncDispose]()
  })
})

/** Everything that writes, once. */
async function life(jobs: Jobs): Promise<void> {
  const { job } = await jobs.add(request, 'first')
  await steps(await claimOf(jobs), ['prepare', 'upload', 'submit', 'wait'])
  await jobs.wake()
  await steps(await claimOf(jobs), ['prepare', 'fail'])
  await jobs.retry(job.id)
  await jobs.cancel(job.id)
  await jobs.retry(job.id)
  const claim = await claimOf(jobs)
  await claim.release()
  const again = await claimOf(jobs)
  await steps(again, ['prepare', 'upload'])
  await jobs.cancel(job.id)
  await steps(again, ['cancel'])
  await jobs.retry(job.id)
  await steps(await claimOf(jobs), ['prepare', 'upload', 'submit', 'fetch', 'succeed'])
  await jobs.add(request, 'second')
  await jobs.remove(job.id)
  await steps(await claimOf(jobs), ['prepare', 'upload', 'submit', 'fetch', 'succeed'])
}

async function claimOf(jobs: Jobs): Promise<Claim> {
  const claim = await jobs.claim()
  if (!claim) throw new Error('nothing to claim')
  return claim
}

async function steps(claim: Claim, kinds: readonly Move['kind'][]): Promise<void> {
  for (const kind of kinds) await claim.move(move(kind))
}

/** From whatever state to its end. */
async function finish(claim: Claim): Promise<void> {
  if (claim.cancelled.aborted) return void (await claim.move({ kind: 'cancel' }))
  const { name } = claim.job.state
  if (name === 'queued' || name === 'preparing' || name === 'uploading')
    await steps(claim, ['prepare', 'upload', 'submit'])
  if (claim.job.state.name === 'running') await steps(claim, ['fetch'])
  await steps(claim, ['succeed'])
}

function move(kind: Move['kind']): Move {
  if (kind === 'wait') return wait()
  if (kind === 'fail') return fail
  if (kind === 'upload') return { kind, box: 'b' }
  if (kind === 'submit') return { kind, promptId }
  if (kind === 'succeed') return { kind, results: [] }
  return { kind }
}
