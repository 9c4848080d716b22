/** The order of jobs and what becomes of each, with work that ends when the test says so. */
import { afterEach, expect, test } from 'vitest'
import { DEFAULT_LOOK } from '../studio/look'
import type { ClipSettings, JobState } from './clip-job'
import type { JobRecord } from './job-record'
import { appendJob, deleteJob, storedJob, storedJobs } from './job-store'
import { type JobHooks, Queue } from './queue'

const SETTINGS: ClipSettings = {
  look: DEFAULT_LOOK,
  cast: { everyone: 'keep', people: {} },
  people: [],
  sources: [],
  span: undefined,
  outside: 'cut',
  output: { kind: 'mp4', quality: 'medium' },
}

interface Run {
  readonly job: JobRecord
  readonly hooks: JobHooks
  readonly signal: AbortSignal
  end(state: JobState): void
  fail(error: unknown): void
}

/** A queue whose jobs run until the test ends them. */
function openQueue() {
  const runs: Run[] = []
  let idle = 0
  const queue = new Queue(
    (job, hooks, signal) =>
      new Promise((end, fail) => {
        signal.addEventListener('abort', () => fail(signal.reason))
        runs.push({ job, hooks, signal, end, fail })
      }),
    () => undefined,
    () => idle++,
  )
  const add = async (name: string): Promise<string> => {
    const { id } = await appendJob({
      id: crypto.randomUUID(),
      name,
      bytes: 1,
      addedAt: 0,
      settings: SETTINGS,
      state: { name: 'waiting' },
      progress: undefined,
      warnings: [],
      plan: undefined,
      gpuLosses: 0,
    })
    await queue.carryOut({ name: 'added', id })
    return id
  }
  const stateOf = (id: string) => queue.jobs.find((job) => job.id === id)?.state
  const running = async (count: number): Promise<Run> => {
    await expect.poll(() => runs.length).toBe(count)
    return runs[count - 1]!
  }
  return { queue, runs, add, stateOf, running, idle: () => idle }
}

const DONE: JobState = { name: 'done', libraryId: 'x' }

afterEach(async () => {
  for (const { id } of await storedJobs()) await deleteJob(id)
})

test('jobs run one after another; a bad one does not stop the others', async () => {
  const { add, runs, running, stateOf, idle } = openQueue()
  const [a, b, c] = [await add('a'), await add('b'), await add('c')]
  ;(await running(1)).end({ name: 'failed', reason: 'NotAVideoError', detail: 'text' })
  ;(await running(2)).fail(new DOMException('No room.', 'QuotaExceededError'))
  expect(runs.filter(({ signal }) => signal.aborted)).toEqual([])
  ;(await running(3)).end(DONE)
  await expect.poll(() => stateOf(c)).toEqual(DONE)
  expect(runs.map(({ job }) => job.name)).toEqual(['a', 'b', 'c'])
  expect(stateOf(a)).toEqual({ name: 'failed', reason: 'NotAVideoError', detail: 'text' })
  expect(stateOf(b)).toEqual({ name: 'paused', reason: 'QuotaExceededError', detail: 'No room.' })
  expect((await storedJob(c))?.state).toEqual(DONE)
  await expect.poll(idle).toBeGreaterThan(0)
})

test('pausing stops the one at work and lets the next begin; resuming brings it back before later ones', async () => {
  const { queue, add, running, stateOf } = openQueue()
  const [a, b, c] = [await add('a'), await add('b'), await add('c')]
  const first = await running(1)
  await queue.carryOut({ name: 'pause', id: a })
  expect(first.signal.aborted).toBe(true)
  expect(stateOf(a)).toEqual({ name: 'paused', reason: undefined, detail: '' })
  expect((await running(2)).job.id).toBe(b)
  await queue.carryOut({ name: 'resume', id: a })
  expect(stateOf(a)).toEqual({ name: 'waiting' })
  ;(await running(2)).end(DONE)
  expect((await running(3)).job.id).toBe(a)
  await queue.carryOut({ name: 'pause', id: c })
  ;(await running(3)).end(DONE)
  await expect.poll(() => stateOf(a)).toEqual(DONE)
  expect(stateOf(c)).toEqual({ name: 'paused', reason: undefined, detail: '' })
})

test('the order can be changed, and is remembered', async () => {
  const { queue, add, running } = openQueue()
  const [a, b, c] = [await add('a'), await add('b'), await add('c')]
  await running(1)
  await queue.carryOut({ name: 'move', id: c, beforeId: b })
  expect(queue.jobs.map(({ name }) => name)).toEqual(['a', 'c', 'b'])
  await queue.carryOut({ name: 'move', id: a, beforeId: undefined })
  expect((await storedJobs()).map(({ name }) => name)).toEqual(['c', 'b', 'a'])
  const d = await add('d')
  expect((await storedJobs()).at(-1)?.id).toBe(d)
  ;(await running(1)).end(DONE)
  expect((await running(2)).job.id).toBe(c)
})

test('retrying forgets all that was decided and takes new settings', async () => {
  const { queue, add, running } = openQueue()
  const a = await add('a')
  const run = await running(1)
  await run.hooks.onChange({
    plan: { libraryId: 'l', segmentFrames: 9, compositor: 'cpu', video: undefined },
    warnings: ['TruncatedFileWarning'],
    gpuLosses: 1,
  })
  expect((await storedJob(a))?.plan?.segmentFrames).toBe(9)
  await queue.carryOut({ name: 'retry', id: a, settings: { ...SETTINGS, outside: 'keep' } })
  expect(run.signal.aborted).toBe(true)
  const { job } = await running(2)
  expect(job).toMatchObject({ plan: undefined, gpuLosses: 0, warnings: [], progress: undefined })
  expect(job.settings.outside).toBe('keep')
})

test('removing stops it and leaves nothing of it', async () => {
  const { queue, add, running, stateOf } = openQueue()
  const [a, b] = [await add('a'), await add('b')]
  const run = await running(1)
  await queue.carryOut({ name: 'remove', id: a })
  expect(run.signal.aborted).toBe(true)
  expect(stateOf(a)).toBeUndefined()
  expect(await storedJob(a)).toBeUndefined()
  expect((await running(2)).job.id).toBe(b)
})

test('what was at work when the thread died is paused, or goes on where another tab takes over', async () => {
  const first = openQueue()
  const [a, b] = [await first.add('a'), await first.add('b')]
  await first.running(1)
  await first.queue.close() // nothing is stored by that, as when a thread dies
  expect((await storedJob(a))?.state).toEqual({ name: 'running' })

  const second = openQueue()
  await second.queue.begin(false)
  expect(second.stateOf(a)).toEqual({ name: 'paused', reason: 'InterruptedError', detail: '' })
  expect((await second.running(1)).job.id).toBe(b)
  await second.queue.carryOut({ name: 'resume', id: a })
  await second.queue.carryOut({ name: 'move', id: a, beforeId: b })
  await second.queue.close()

  const third = openQueue()
  await third.queue.begin(true)
  expect((await third.running(1)).job.id).toBe(a)
  expect(third.stateOf(b)).toEqual({ name: 'waiting' })
})
