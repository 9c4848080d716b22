/** A server that is killed at any moment: the next one goes on, and the prompt ran once. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openFiles } from '../../edge-server/files/open-files'
import { isEnded, type JobRequest, type JobState, type Move } from '../../edge-server/jobs/job'
import { openSqliteJobs } from '../../edge-server/jobs/sqlite-jobs'
import { type StandIn, startStandIn } from '../comfy/stand-in'
import { type BuiltServer, buildServer, deathOf } from './built-server'
import { seeded } from './random'
import { openScene, picturePng } from './scene'
import { boxesAt, dataFolder, jobIn, openServer, storePicture, until } from './server-parts'
import type { Death } from './server-process'
import { toyGraphs, toyRequest } from './toys'

let built: BuiltServer
beforeAll(async () => {
  built = await buildServer('kills')
})
afterAll(() => built[Symbol.asyncDispose]())

interface Point {
  readonly what: string
  readonly death?: Death
  /** Prepares the box, and resolves when the server is to be killed from outside. */
  readonly killWhen?: (box: StandIn, state: () => Promise<JobState>) => Promise<unknown>
}

const moves: readonly Move['kind'][] = ['prepare', 'upload', 'submit', 'fetch', 'succeed']
const random = seeded(4)
const hang = { kind: 'hang' } as const

const points: readonly Point[] = [
  ...moves.flatMap((move) =>
    (['before', 'after'] as const).map((at) => ({
      what: `${at} the move "${move}"`,
      death: { at, move } as const,
    })),
  ),
  ...[1, 2, 3].map((nth) => ({
    what: `with report ${nth} of a running prompt`,
    death: { at: 'report', state: 'running', nth } as const,
  })),
  { what: 'as it begins to fetch', death: { at: 'report', state: 'fetching', nth: 1 } },
  {
    what: 'while a file is sent',
    async killWhen(box, state) {
      box.fault({ on: 'POST /upload', trouble: hang, times: 1 })
      await until('it sends', async () => (await state()).name === 'uploading')
    },
  },
  {
    what: 'while the box has not taken the prompt',
    async killWhen(box, state) {
      box.fault({ on: 'POST /prompt', trouble: hang, times: 1 })
      await until('it is being sent', async () => (await state()).name === 'running')
    },
  },
  {
    what: 'before the box has answered that it took the prompt',
    async killWhen(box) {
      box.fault({ on: 'POST /prompt', trouble: { kind: 'lose-answer' }, times: 1 })
      await until('the box has it', () => box.ran.length > 0)
    },
  },
  {
    what: 'while the result comes',
    async killWhen(box, state) {
      box.fault({ on: 'GET /view', trouble: hang, times: 1 })
      await until('it fetches', async () => (await state()).name === 'fetching')
    },
  },
  ...[random(), random()].map((part) => {
    const ms = Math.round(part * 500)
    return {
      what: `${ms} ms after the box took the prompt`,
      async killWhen(box: StandIn) {
        await until('the box has it', () => box.ran.length > 0)
        await new Promise((resolve) => setTimeout(resolve, ms)) // the moment is the case, not a wait for something
      },
    }
  }),
]

describe.concurrent('a server that is killed', () => {
  test('at twenty points', () => expect(points).toHaveLength(20))

  test.each(points)('$what leaves a job that ends once, after one run', async ({ death, killWhen }) => {
    await using folder = await dataFolder()
    await using box = await startStandIn({ graphs: toyGraphs })
    const boxes = boxesAt({ attic: box.url })
    const id = await queueJob(folder.path)
    const state = await stateReader(folder.path, id)

    const ready = killWhen?.(box, state.read)
    const server = built.start({ folder: folder.path, boxes, ...(death ? { death } : {}) })
    if (ready) {
      await ready
      server.kill('SIGKILL')
    }
    expect(await deathOf(server)).toBe('SIGKILL')
    const wasOver = (await state.read()).name === 'succeeded'
    await state.close()
    box.clearFaults()

    await using next = await openServer(folder.path, boxes)
    let endings = 0
    using _ = next.jobs.watch((event) => {
      if (event.kind === 'changed' && isEnded(event.job)) endings += 1
    })
    const job = await jobIn(next, id, 'succeeded')
    expect(endings).toBe(wasOver ? 0 : 1)
    expect(job.state).toMatchObject({ results: [{ output: 'result', bytes: picturePng.length }] })
    expect(box.ran.map(({ outcome }) => outcome)).toEqual(['succeeded'])
  })
})

test.each([
  ['before it heard of it', undefined],
  ['when the prompt is off the box', { at: 'before', move: 'cancel' }],
] as const)('a job is cancelled and its server killed %s: cancelled, on the box too', async (_, death) => {
  await using folder = await dataFolder()
  await using box = await startStandIn({ graphs: toyGraphs })
  const boxes = boxesAt({ attic: box.url })
  const id = await queueJob(folder.path, { seconds: 60, steps: 600 })
  const state = await stateReader(folder.path, id)
  const server = built.start({ folder: folder.path, boxes, ...(death ? { death } : {}) })
  await until('it runs', () => box.ran[0]?.outcome === 'running')
  await state.cancel()
  if (!death) server.kill('SIGKILL')
  expect(await deathOf(server)).toBe('SIGKILL')
  await state.close()
  expect(box.ran[0]?.outcome).toBe(death ? 'interrupted' : 'running')

  await using next = await openServer(folder.path, boxes)
  await jobIn(next, id, 'cancelled')
  expect(box.ran.map(({ outcome }) => outcome)).toEqual(['interrupted'])
})

const boxRandom = seeded(11)
test.concurrent.each(Array.from({ length: 8 }, () => Math.round(boxRandom() * 900)))(
  'a box that is killed %i ms into the work and started again: one result, and a second run only where the first is lost',
  async (ms) => {
    await using scene = await openScene()
    const job = await scene.add('slow', { seconds: 0.5 })
    await new Promise((resolve) => setTimeout(resolve, ms)) // the moment is the case, not a wait for something
    await scene.box.kill()
    await scene.box.restart()
    await jobIn(scene.server, job.id, 'succeeded')
    const outcomes = scene.box.ran.map(({ outcome }) => outcome)
    expect(outcomes.at(-1)).toBe('succeeded')
    // It may have ended, and be lost before anybody could read it from the history.
    if (outcomes.length > 1) expect(outcomes).toEqual([expect.stringMatching(/lost|succeeded/), 'succeeded'])
    expect((await scene.server.jobs.find(job.id))?.submissions).toBe(Math.max(1, outcomes.length))
  },
)

test('a server that closes lets go at once, and the next one finds the prompt where it is', async () => {
  await using folder = await dataFolder()
  await using box = await startStandIn({ graphs: toyGraphs })
  const boxes = boxesAt({ attic: box.url })
  const id = await queueJob(folder.path)
  const held = box.hold()
  const first = await openServer(folder.path, boxes)
  await until('it runs', () => box.ran[0]?.outcome === 'running')
  const beganMs = performance.now()
  await first[Symbol.asyncDispose]()
  expect(performance.now() - beganMs).toBeLessThan(10_000)
  expect(box.ran[0]?.outcome).toBe('running')
  const state = await stateReader(folder.path, id)
  expect((await state.read()).name).toBe('running')
  await state.close()
  held.release()

  await using next = await openServer(folder.path, boxes)
  await jobIn(next, id, 'succeeded')
  expect(box.ran.map(({ outcome }) => outcome)).toEqual(['succeeded'])
})

test('a prompt that is found again takes one place, and leaves the others to other jobs', async () => {
  await using folder = await dataFolder()
  await using box = await startStandIn({ graphs: toyGraphs })
  const boxes = boxesAt({ attic: box.url }, 2)
  const id = await queueJob(folder.path)
  const held = box.hold()
  const first = await openServer(folder.path, boxes)
  await until('it runs', () => box.ran[0]?.outcome === 'running')
  await first[Symbol.asyncDispose]()

  await using next = await openServer(folder.path, boxes)
  const { job } = await next.jobs.add(await requestOf(folder.path, id))
  await until('the second is there as well', () => box.ran.length === 2)
  held.release()
  for (const one of [id, job.id]) await jobIn(next, one, 'succeeded')
})

test('a box that is configured no more: its job goes to another one, with the reason', async () => {
  await using folder = await dataFolder()
  await using attic = await startStandIn({ graphs: toyGraphs })
  await using barn = await startStandIn({ graphs: toyGraphs })
  const id = await queueJob(folder.path, { seconds: 2, steps: 100 })
  const held = attic.hold()
  const first = await openServer(folder.path, boxesAt({ attic: attic.url }))
  await until('it runs', () => attic.ran[0]?.outcome === 'running')
  await first[Symbol.asyncDispose]()

  const reasons: string[] = []
  const second = await openServer(folder.path, boxesAt({ barn: barn.url }))
  using _ = second.jobs.watch((event) => {
    if (event.kind === 'changed' && event.job.state.name === 'queued') {
      reasons.push(event.job.state.waiting?.reason ?? '')
    }
  })
  await jobIn(second, id, 'succeeded')
  await second[Symbol.asyncDispose]()
  expect(reasons).toEqual([expect.stringContaining('“attic” is no longer configured')])
  expect(barn.ran.map(({ outcome }) => outcome)).toEqual(['succeeded'])

  // With its box back in the configuration, what was left there is taken off.
  await using third = await openServer(folder.path, boxesAt({ attic: attic.url }))
  await until('the box answers', () => third.boxes.list[0]?.health.name === 'up')
  held.release() // a node hears of an interrupt at its next step
  await until('it is interrupted', () => attic.ran[0]?.outcome === 'interrupted')
})

test('a server that sleeps for a while leaves its job to the one that took it over', async () => {
  await using folder = await dataFolder()
  await using box = await startStandIn({ graphs: toyGraphs })
  const boxes = boxesAt({ attic: box.url })
  const id = await queueJob(folder.path)
  const sleeper = built.start({ folder: folder.path, boxes, leaseMs: 900 })
  onTestFinished(() => void sleeper.kill('SIGKILL'))
  await until('it runs', () => box.ran[0]?.outcome === 'running')
  sleeper.kill('SIGSTOP')

  await using next = await openServer(folder.path, boxes)
  const { version } = await jobIn(next, id, 'succeeded')
  sleeper.kill('SIGCONT')
  // It works again as soon as it takes a job: this one, with no other server to take it.
  await next[Symbol.asyncDispose]()
  const jobs = openSqliteJobs(join(folder.path, 'jobs.sqlite'))
  onTestFinished(() => jobs.close())
  const { job: second } = await jobs.add(await requestOf(folder.path, id))
  await jobIn({ jobs }, second.id, 'succeeded')
  expect((await jobs.find(id))?.version).toBe(version)
  expect(box.ran.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded'])
})

async function requestOf(folder: string, id: string): Promise<JobRequest> {
  const jobs = openSqliteJobs(join(folder, 'jobs.sqlite'))
  const job = await jobs.find(id)
  await jobs.close()
  if (!job) throw new Error('The job is gone.')
  return job.request
}

/** Puts a job into the queue of a folder before any server works on it. */
async function queueJob(folder: string, parameters = { seconds: 0.6, steps: 5 }): Promise<string> {
  const files = await openFiles(join(folder, 'files'), { quotaBytes: 2 ** 30 })
  const { id: picture } = await storePicture({ files }, picturePng)
  const jobs = openSqliteJobs(join(folder, 'jobs.sqlite'))
  const { job } = await jobs.add(toyRequest('slow', picture, parameters))
  await jobs.close()
  return job.id
}

async function stateReader(folder: string, id: string) {
  const jobs = openSqliteJobs(join(folder, 'jobs.sqlite'))
  const read = async (): Promise<JobState> => {
    const job = await jobs.find(id)
    if (!job) throw new Error('The job is gone.')
    return job.state
  }
  return { read, cancel: () => jobs.cancel(id), close: () => jobs.close() }
}
