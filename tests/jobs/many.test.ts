/** Many jobs at once: every one ends exactly once, whatever happens to the boxes and to the servers. */
import { expect, test } from 'vitest'
import { isEnded } from '../../edge-server/jobs/job'
import type { Jobs } from '../../edge-server/jobs/jobs'
import { openRedisJobs } from '../../edge-server/jobs/redis-jobs'
import type { StandIn } from '../comfy/stand-in'
import { noRedis, startRedis } from './redis-server'
import { openScene, type Scene } from './scene'
import { boxesAt, openServer, until } from './server-parts'
import { toyRequest } from './toys'

const COUNT = 500
const three = [{ stepMs: 0 }, { stepMs: 0 }, { stepMs: 0 }]

/** How each job ended, and which prompts were sent for it. */
function follow(jobs: Jobs) {
  const endings = new Map<string, string[]>()
  const prompts = new Map<string, Set<string>>()
  const watching = jobs.watch((event) => {
    if (event.kind !== 'changed') return
    const { id, state } = event.job
    if (isEnded(event.job)) endings.set(id, [...(endings.get(id) ?? []), state.name])
    if (state.name === 'running') {
      prompts.set(id, (prompts.get(id) ?? new Set()).add(state.prompt.promptId))
    }
  })
  return { endings, prompts, [Symbol.dispose]: () => watching[Symbol.dispose]() }
}

async function queueMany(jobs: Jobs, picture: string): Promise<string[]> {
  const ids: string[] = []
  for (let nth = 0; nth < COUNT; nth++) {
    ids.push((await jobs.add(toyRequest('slow', picture, { steps: 1, nonce: nth }))).job.id)
  }
  return ids
}

const outcomes = (boxes: readonly StandIn[]) => boxes.flatMap(({ ran }) => ran.map(({ outcome }) => outcome))

test('500 jobs on three boxes: each ends once, and its prompt ran once', async () => {
  await using scene = await openScene({ boxes: three, concurrency: 3 })
  using heard = follow(scene.server.jobs)
  const ids = await queueMany(scene.server.jobs, scene.picture.id)
  await until('all have ended', () => heard.endings.size === COUNT, 50_000)
  for (const id of ids) expect(heard.endings.get(id)).toEqual(['succeeded'])
  expect(outcomes(scene.boxes)).toEqual(Array(COUNT).fill('succeeded'))
  for (const { ran } of scene.boxes) expect(ran.length).toBeGreaterThan(COUNT / 10) // all of them had work
})

test('500 jobs while a box dies and comes back: each ends once, and ran again only where its box lost it', async () => {
  await using scene = await openScene({ boxes: three, concurrency: 3 })
  using heard = follow(scene.server.jobs)
  const ids = await queueMany(scene.server.jobs, scene.picture.id)
  await until('a part is done', () => heard.endings.size > COUNT / 5, 50_000)
  await scene.boxes[0]?.kill()
  await until('the others work on', () => heard.endings.size > (2 * COUNT) / 5, 50_000)
  await scene.boxes[0]?.restart()
  await until('all have ended', () => heard.endings.size === COUNT, 50_000)
  for (const id of ids) expect(heard.endings.get(id)).toEqual(['succeeded'])
  expectNoneTwice(scene, heard.prompts)
})

test.skipIf(noRedis !== undefined)(
  '500 jobs of two servers that share Redis: each ends once, and ran once',
  async () => {
    await using redis = await startRedis()
    await using first = await openScene({
      boxes: three,
      concurrency: 2,
      jobs: await openRedisJobs(redis.url),
    })
    const urls = Object.fromEntries(
      first.boxes.map(({ url }, at) => [['attic', 'barn', 'cellar'][at] ?? '', url]),
    )
    const jobs = await openRedisJobs(redis.url)
    await using _second = await openServer(first.folder, boxesAt(urls), { jobs })
    using heard = follow(first.server.jobs)
    const ids = await queueMany(jobs, first.picture.id)
    await until('all have ended', () => heard.endings.size === COUNT, 50_000)
    for (const id of ids) expect(heard.endings.get(id)).toEqual(['succeeded'])
    expect(outcomes(first.boxes)).toEqual(Array(COUNT).fill('succeeded'))
  },
)

/** Of the prompts of a job only the last one ended well, unless its box died before that was read from its history. */
function expectNoneTwice({ boxes }: Scene, prompts: ReadonlyMap<string, ReadonlySet<string>>): void {
  const ran = new Map(boxes.flatMap((box) => box.ran.map((one) => [one.id, { ...one, box }])))
  expect(ran.size).toBe(boxes.reduce((sum, box) => sum + box.ran.length, 0)) // no id twice
  for (const sent of prompts.values()) {
    expect(sent.size).toBeLessThanOrEqual(2)
    const [first, second] = [...sent].map((id) => ran.get(id))
    if (second) expect(first === undefined || first.box === boxes[0]).toBe(true)
    expect((second ?? first)?.outcome).toBe('succeeded')
  }
}
