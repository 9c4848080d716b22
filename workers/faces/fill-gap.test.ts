import { describe, expect, it } from 'vitest'
import { between } from './fill-gap'
import type { Seen } from './zero-lag'

/** One point on its way: x, y, z in px at a time in ms. */
const along =
  (way: (ms: number) => readonly [number, number, number]) =>
  (timeMs: number): Seen => ({
    timeMs,
    landmarks: Float32Array.from(way(timeMs)),
  })

function gap(way: (ms: number) => readonly [number, number, number], before: number[], after: number[]) {
  const seen = along(way)
  return (ms: number) => between(before.map(seen), after.map(seen), ms, 100)
}

describe('between', () => {
  const before = [0, 33, 66, 100]
  const after = [400, 433, 466, 500]

  it('goes straight where both ends do', () => {
    const at = gap((ms) => [ms / 10, 5 - ms / 50, 2], before, after)
    expect([...at(250)].map((value) => +value.toFixed(3))).toEqual([25, 0, 2])
  })

  it('turns round as a head does that nods meanwhile', () => {
    // Up, and down again: a straight line between the ends would miss all of it.
    const way = (ms: number) => [0, 20 * Math.sin((Math.PI * ms) / 500), 0] as const
    const at = gap(way, before, after)
    expect(Math.abs(at(250)[1]! - way(250)[1])).toBeLessThan(2)
    expect(way(250)[1] - way(100)[1]).toBeGreaterThan(8)
  })

  it('makes a parabola of one known speed, a straight line of none', () => {
    const way = (ms: number) => [((ms - 250) / 50) ** 2, 0, 0] as const
    expect(gap(way, before, [400])(250)[0]).toBeLessThan(2)
    expect(gap(way, [100], [400])(250)[0]).toBeCloseTo(9, 3)
  })

  it('is not carried far away by a speed that was wrong', () => {
    const at = gap((ms) => (ms === 100 ? [60, 0, 0] : [0, 0, 0]), before, after)
    expect(Math.abs(at(250)[0]!)).toBeLessThan(60)
  })
})
