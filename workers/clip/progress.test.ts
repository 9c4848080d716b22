import { expect, it } from 'vitest'
import type { JobProgress } from './clip-job'
import { Progress } from './progress'

/** A job that was begun, and a clock that the test moves. */
function begun(frames: number, total: number) {
  const clock = { ms: 1000 }
  const progress = new Progress(() => clock.ms)
  progress.begin(frames, total, 0.1)
  const run = (count: number, msPerFrame: number): JobProgress => {
    let last: JobProgress | undefined
    for (let i = 0; i < count; i++) {
      clock.ms += msPerFrame
      last = progress.frame()
    }
    return last!
  }
  return { clock, progress, run }
}

it('tells how far, how fast and how long still', () => {
  const { run } = begun(0, 900)
  const { phase, done, frames, totalFrames, fps, leftS } = run(450, 25)
  expect([phase, frames, totalFrames]).toEqual(['swapping', 450, 900])
  expect(done).toBeCloseTo(0.45, 5) // a tenth is left for finishing
  expect(fps).toBeCloseTo(40, 5)
  expect(leftS).toBeCloseTo(450 / 40 + 2.5, 5) // 900 frames take 22.5 s, which is nine tenths
})

it('says nothing about the time left before it can know', () => {
  const { progress, run } = begun(0, 900)
  expect(run(3, 25).leftS).toBeUndefined()
  expect(progress.finishing(0).leftS).toBeUndefined()
})

it('does not take a slow start for slow work', () => {
  const { run } = begun(0, 900)
  run(1, 5000)
  expect(run(20, 25).leftS).toBeCloseTo(879 / 40 + 2.5, 3)
})

it('counts what was done earlier, but not as fast work', () => {
  const { fps, frames, done } = begun(600, 900).run(50, 100)
  expect([frames, fps]).toEqual([650, 10])
  expect(done).toBeCloseTo((0.9 * 650) / 900, 5)
})

it('follows a change of speed, and does not jump at one slow frame', () => {
  const { run } = begun(0, 10_000)
  const before = run(400, 25).leftS!
  const hiccup = run(1, 400).leftS!
  expect(hiccup / before).toBeLessThan(1.02)
  expect(run(400, 100).fps).toBeCloseTo(10, 5)
  expect(run(300, 100).leftS! / before).toBeGreaterThan(3)
})

it('never goes back from one phase to the next', () => {
  const clock = { ms: 0 }
  const progress = new Progress(() => clock.ms)
  const seen: JobProgress[] = [progress.reading(0), progress.reading(0.5), progress.reading(1)]
  seen.push(progress.begin(0, 2, 0.1))
  for (let i = 0; i < 2; i++) {
    clock.ms += 30
    seen.push(progress.frame())
  }
  seen.push(progress.finishing(0))
  clock.ms += 1000
  seen.push(progress.finishing(0.5), progress.finishing(1))
  const done = seen.map((one) => one.done)
  expect(done).toEqual(done.toSorted((a, b) => a - b))
  expect([done[0], done.at(-1)]).toEqual([0, 1])
  expect(seen.at(-2)!.leftS).toBeCloseTo(1, 5)
})
