import { describe, expect, test } from 'vitest'
import { openParts } from '../../tests/api/parts'
import { type Job, type JobRequest, type JobState, newJob } from '../jobs/job'
import type { Jobs, Progress } from '../jobs/jobs'
import { openTimeLeft, timeLeftMs } from './time-left'

const request: JobRequest = { workflow: 'dance', tier: 'standard', inputs: {}, parameters: {}, sentence: '' }
const prompt = { box: 'attic', promptId: '00000000-0000-4000-8000-000000000000' }
const s = (seconds: number) => 1000 * seconds
const at = (fraction: number, atS: number): Progress => ({ fraction, doing: '', atMs: s(atS) })
/** Started at 0. */
const job = (state: JobState = { name: 'running', prompt }): Job => ({
  ...newJob('a', request, 0),
  state,
  startedMs: 0,
})

describe('what is left', () => {
  test.each<[string, Progress | undefined, number | undefined, number, number | undefined]>([
    ['half done in 60 s', at(0.5, 60), undefined, 60, 60],
    ['half done in 60 s, 10 s ago', at(0.5, 60), undefined, 70, 50],
    ['half done in 60 s, long ago', at(0.5, 60), undefined, 600, 0],
    ['all done', at(1, 60), undefined, 60, 0],
    ['nothing known', undefined, undefined, 60, undefined],
    ['too little done to tell', at(0.01, 60), undefined, 60, undefined],
    ['too short to tell', at(0.5, 1), undefined, 1, undefined],
    ['usually 100 s, no progress yet', undefined, 100, 30, 70],
    ['usually 100 s, no progress and overdue', undefined, 100, 130, undefined],
    ['usually 100 s, half done in 50 s', at(0.5, 50), 100, 50, 50],
    ['usually 100 s, half done in 150 s: between 50 and 150', at(0.5, 150), 100, 150, 100],
    ['usually 100 s, nearly done in 300 s', at(0.9, 300), 100, 300, 31],
    ['a fraction beyond the end', at(1.5, 60), 100, 60, 0],
    ['a clock that went back', at(0.5, 60), 100, 20, 55],
  ])('%s', (_, progress, usualS, nowS, leftS) => {
    const left = timeLeftMs(job(), progress, usualS === undefined ? undefined : s(usualS), s(nowS))
    expect(left === undefined ? undefined : Math.round(left / 1000)).toBe(leftS)
  })

  test('before it runs it is what is usual; in the queue and at the end nothing is', () => {
    expect(timeLeftMs(job({ name: 'uploading', box: 'attic' }), undefined, s(100), s(10))).toBe(s(100))
    expect(timeLeftMs(job({ name: 'queued', notBeforeMs: 0 }), undefined, s(100), s(10))).toBe(undefined)
    expect(timeLeftMs(job({ name: 'cancelled' }), at(0.5, 60), s(100), s(60))).toBe(undefined)
  })

  test('is never negative, whatever is known', () => {
    for (const fraction of [0, 0.05, 0.5, 0.99, 1]) {
      for (const usual of [undefined, 1, s(10), s(1000)]) {
        for (const now of [0, s(5), s(5000)]) {
          expect(timeLeftMs(job(), at(fraction, 5), usual, now) ?? 0).toBeGreaterThanOrEqual(0)
        }
      }
    }
  })
})

describe('what is usual', () => {
  /** Ended jobs as a queue tells of them, the newest first. */
  async function learned(
    took: readonly [seconds: number, parameters: JobRequest['parameters'], tier?: 'high'][],
  ) {
    await using parts = await openParts()
    const ended = took.map(
      ([seconds, parameters, tier = 'standard'], i): Job => ({
        ...newJob(`${i}`, { ...request, tier, parameters } as JobRequest, 0),
        state: { name: 'succeeded', results: [] },
        startedMs: s(1),
        endedMs: s(1 + seconds),
      }),
    )
    const jobs: Jobs = { ...parts.jobs, list: async () => ended }
    const timeLeft = openTimeLeft(jobs)
    await new Promise(setImmediate) // read
    return (parameters: JobRequest['parameters']) => {
      const asked: Job = { ...job({ name: 'preparing' }), request: { ...request, parameters } }
      const ms = timeLeft.of(asked, undefined, 0)
      return ms === undefined ? undefined : ms / 1000
    }
  }

  test('the median of such jobs', async () => {
    const usual = await learned([
      [10, {}],
      [500, {}],
      [20, {}],
      [1, {}, 'high'],
    ])
    expect(usual({})).toBe(20)
  })

  test('grows with how much there is to do', async () => {
    const usual = await learned([
      [100, { frames: 50 }],
      [40, { frames: 10 }],
      [90, { frames: 30 }],
    ])
    expect(usual({ frames: 100 })).toBe(300)
  })

  test('does not mix jobs that say how much there is to do with those that leave it open', async () => {
    const usual = await learned([
      [100, { durationS: 5 }],
      [900, { durationS: 0 }],
    ])
    expect([usual({ durationS: 10 }), usual({ durationS: 0 }), usual({})]).toEqual([200, 900, 900])
  })

  test('is unknown for what never ran', async () => {
    expect((await learned([[10, {}, 'high']]))({})).toBe(undefined)
  })

  test('follows the newest jobs', async () => {
    const took = (count: number, seconds: number) =>
      Array.from({ length: count }, (): [number, JobRequest['parameters']] => [seconds, {}])
    const usual = await learned([...took(15, 10), ...took(40, 1000)])
    expect(usual({})).toBe(10)
  })
})

test('is learned from jobs that end while the server runs', async () => {
  await using parts = await openParts()
  using timeLeft = openTimeLeft(parts.jobs)
  const { job: asked } = await parts.jobs.add(request)
  const claim = (await parts.jobs.claim())!
  await claim.move({ kind: 'prepare' })
  await claim.move({ kind: 'upload', box: 'attic' })
  const { startedMs } = await claim.move({ kind: 'submit', promptId: prompt.promptId })
  await new Promise((resolve) => setTimeout(resolve, 5)) // a time that can be told from none
  await claim.move({ kind: 'fetch' })
  const { endedMs } = await claim.move({ kind: 'succeed', results: [] })
  expect(timeLeft.of({ ...asked, state: { name: 'preparing' } }, undefined, 0)).toBe(endedMs! - startedMs!)
})
