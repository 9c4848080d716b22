/** The thread dies in the middle of a job, anywhere: what comes out in the end is what would have come out without. */
import { afterEach, beforeAll, expect, inject, test } from 'vitest'
import { removeItem } from '../library/library'
import { storedJobs } from './job-store'
import { isOver, type JobThread, openJobThread, settingsFor } from './testing/job-thread'
import { type ReadClip, readResult } from './testing/read-result'

const SEED = 20_261_120

/** Numbers 0..1, the same every time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Ten seconds of the clip: two whole segments and a half. */
const settings = () => settingsFor({ kind: 'mp4', quality: 'medium' }, { span: { fromS: 0, toS: 10 } })

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

let file: File
let uninterrupted: ReadClip
let tookMs = 0
const threads: JobThread[] = []
afterEach(() => {
  for (const thread of threads.splice(0)) thread.kill()
})

async function open(): Promise<JobThread> {
  const thread = await openJobThread()
  threads.push(thread)
  return thread
}

beforeAll(async () => {
  const fixture = inject('clips').slow!
  file = new File([await (await fetch(`/@fs${fixture.path}`)).blob()], 'slow.mp4')
  using thread = await openJobThread()
  const { id } = await thread.add(file, await settings())
  await thread.when(id, ({ progress }) => (progress?.frames ?? 0) > 0)
  const startMs = performance.now()
  uninterrupted = await resultOf(thread, id)
  tookMs = performance.now() - startMs
  expect(uninterrupted.frames).toHaveLength(50)
}, 120_000)

/** Of a job that ends well, which is then removed. */
async function resultOf(thread: JobThread, id: string): Promise<ReadClip> {
  const { state } = await thread.when(id, isOver)
  if (state.name !== 'done') throw new Error(`It is ${JSON.stringify(state)}.`)
  const result = await readResult(state.libraryId)
  await removeItem(state.libraryId)
  await thread.api.remove(id)
  return result
}

function expectTheSame(result: ReadClip): void {
  expect(result.frames.map(({ timeS }) => timeS)).toEqual(uninterrupted.frames.map(({ timeS }) => timeS))
  const differing = result.frames.flatMap(({ pixels }, i) =>
    pixels.data.every((value, k) => value === uninterrupted.frames[i]!.pixels.data[k]) ? [] : [i],
  )
  expect(differing).toEqual([])
  expect(result.packets).toEqual(uninterrupted.packets)
  expect(result.sound).toEqual(uninterrupted.sound)
}

test('killed at five random points', async () => {
  const random = seeded(SEED)
  for (let round = 0; round < 5; round++) {
    const first = await open()
    const { id } = await first.add(file, await settings())
    await first.when(id, ({ progress }) => (progress?.frames ?? 0) > 0)
    await sleep(random() * tookMs)
    first.kill()

    const second = await open()
    const found = second.atFirst.find((job) => job.id === id)!
    if (found.state.name !== 'done') {
      expect(found.state).toEqual({ name: 'paused', reason: 'InterruptedError', detail: '' })
      await second.api.resume(id)
    }
    expectTheSame(await resultOf(second, id))
    second.kill()
  }
}, 240_000)

test('killed again and again, it still gets to its end', async () => {
  let thread = await open()
  const { id } = await thread.add(file, await settings())
  const wentOnFrom: number[] = []
  for (const frames of [5, 22, 30, 42, 48]) {
    await thread.when(id, (job) => isOver(job) || (job.progress?.frames ?? 0) >= frames)
    thread.kill()
    thread = await open()
    await thread.api.resume(id)
    const { progress } = await thread.when(id, (job) => isOver(job) || (job.progress?.fps ?? 0) > 0)
    wentOnFrom.push(progress?.frames ?? 0)
  }
  expect(Math.max(...wentOnFrom)).toBeGreaterThanOrEqual(20) // a whole segment was not made again
  expectTheSame(await resultOf(thread, id))
  expect(await storedJobs()).toEqual([])
}, 240_000)
