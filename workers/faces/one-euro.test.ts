import { describe, expect, it } from 'vitest'
import { OneEuro, smoothingSettings } from './one-euro'

const run = (values: number[], strength: number): number[] => {
  const filter = new OneEuro(1)
  return values.map((value, i) => {
    const at = new Float32Array([value])
    filter.smooth(at, i * 33, 100, smoothingSettings(strength))
    return at[0]!
  })
}

describe('OneEuro', () => {
  it('passes values through at strength 0', () => {
    expect(run([1, 5, 2], 0)).toEqual([1, 5, 2])
  })

  it('calms noise at rest, more with more strength', () => {
    const noise = Array.from({ length: 90 }, (_, i) => 50 + (((i * 7919) % 13) - 6) / 20)
    const jitter = (v: number[]) =>
      v.slice(30).reduce((sum, x, i, a) => sum + (i ? Math.abs(x - a[i - 1]!) : 0), 0)
    const raw = jitter(noise)
    const half = jitter(run(noise, 0.5))
    expect(half).toBeLessThan(raw * 0.5)
    expect(jitter(run(noise, 1))).toBeLessThan(half)
  })

  it('follows fast motion with less than two frames of lag', () => {
    const ramp = Array.from({ length: 60 }, (_, i) => i * 10) // 3 face widths per second
    expect(600 - 10 - run(ramp, 0.5)[59]!).toBeLessThan(20)
  })

  it('starts afresh after a pause', () => {
    const filter = new OneEuro(1)
    const settings = smoothingSettings(1)
    filter.smooth(new Float32Array([0]), 0, 100, settings)
    const later = new Float32Array([80])
    filter.smooth(later, 2000, 100, settings)
    expect(later[0]).toBe(80)
  })
})
