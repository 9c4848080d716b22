import { expect, it } from 'vitest'
import { StudioStats } from './stats'

it('gives percentiles of the latest numbers', () => {
  const stats = new StudioStats()
  for (let ms = 1; ms <= 100; ms++) stats.add('draw', ms)
  expect(stats.summary().stages.draw).toEqual({ p50: 51, p95: 96, p99: 100 })
  for (let i = 0; i < 150; i++) stats.add('draw', 7)
  expect(stats.summary().stages.draw).toEqual({ p50: 7, p95: 7, p99: 7 })
})

it('counts frames and times stages', async () => {
  const stats = new StudioStats()
  expect(stats.summary().fps).toBe(0)
  expect(await stats.time('mesh', () => 'made')).toBe('made')
  stats.frameShown(12, 3)
  const summary = stats.summary()
  expect(summary.shown).toBe(1)
  expect(summary.latencyMs.p50).toBe(12)
  expect(summary.copiesPerFrame).toBe(3)
  expect(Object.keys(summary.stages)).toEqual(['mesh'])
})
