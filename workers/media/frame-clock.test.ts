import { describe, expect, it } from 'vitest'
import { frameClock } from './frame-clock'

const grid = (count: number, frameS: number, fromS = 0) =>
  Array.from({ length: count }, (_, i) => fromS + i * frameS)
const toTicks = (times: readonly number[], ticks: number) =>
  times.map((time) => Math.round(time * ticks) / ticks)

describe('times that the source tells exactly', () => {
  it.each([
    [30_000, 1001 / 30_000],
    [90_000, 1001 / 30_000],
    [15_360, 1 / 30],
    [12_800, 1 / 25],
    [600, 1 / 24],
    [25, 1 / 25],
  ])('are kept on a clock of %i ticks', (resolution, frameS) => {
    const times = grid(100, frameS, frameS * 3)
    const clock = frameClock(times, resolution, undefined)
    expect(clock.times).toBe(times)
    expect(clock.timescale).toBeGreaterThanOrEqual(10_000)
    for (const time of times)
      expect(time * clock.timescale).toBeCloseTo(Math.round(time * clock.timescale), 3)
    expect(clock.frameS).toBeCloseTo(frameS, 9)
  })

  it('are kept where frames come unevenly', () => {
    const times = [0, 0.033, 0.05, 0.125, 0.126, 0.4]
    expect(frameClock(times, 1000, undefined)).toMatchObject({ times, frameS: undefined })
    const odd = [0, 1 / 7, 2 / 11, 3 / 13]
    expect(frameClock(odd, 90_000, undefined)).toMatchObject({ times: odd, timescale: 240_000 })
  })

  it('are kept where a clock of 600 ticks cannot tell 29.97', () => {
    const times = toTicks(grid(100, 1001 / 30_000), 600)
    expect(frameClock(times, 600, undefined).times).toBe(times)
  })
})

describe('milliseconds', () => {
  it.each([
    [1001 / 30_000, 30_000],
    [1001 / 24_000, 24_000],
    [1001 / 60_000, 60_000],
    [1 / 30, 90_000],
    [1 / 60, 90_000],
  ])('that were meant to be frames of %f s become those', (frameS, timescale) => {
    const meant = grid(300, frameS)
    const clock = frameClock(toTicks(meant, 1000), 1000, undefined)
    expect(clock).toMatchObject({ frameS, timescale })
    for (const [i, time] of clock.times.entries()) expect(time).toBeCloseTo(meant[i]!, 9)
  })

  it('that begin later, or were cut off and not rounded, are at most one away', () => {
    const meant = grid(300, 1001 / 30_000, 0.4567)
    for (const times of [toTicks(meant, 1000), meant.map((time) => Math.floor(time * 1000) / 1000)]) {
      const clock = frameClock(times, 1000, undefined)
      expect(clock.frameS).toBe(1001 / 30_000)
      for (const [i, time] of clock.times.entries()) expect(Math.abs(time - times[i]!)).toBeLessThan(0.001)
    }
  })

  it('of a short clip can be 29.97 or 30: what the file says counts', () => {
    const times = toTicks(grid(10, 1001 / 30_000), 1000)
    expect(frameClock(times, 1000, 1001 / 30_000).frameS).toBe(1001 / 30_000)
    expect(frameClock(times, 1000, 1 / 30).frameS).toBe(1 / 30)
  })

  it('with a frame missing are left alone', () => {
    const times = toTicks(grid(100, 1 / 30), 1000).filter((_, i) => i !== 50)
    expect(frameClock(times, 1000, undefined)).toMatchObject({ times, frameS: undefined })
  })
})

it('copes with one frame and with none', () => {
  expect(frameClock([], 1000, undefined).frameS).toBeUndefined()
  expect(frameClock([0.5], 90_000, undefined)).toMatchObject({ times: [0.5], frameS: undefined })
})
