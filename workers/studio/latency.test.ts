import { expect, it } from 'vitest'
import { FrameClock } from './latency'

it('counts the delay beyond the fastest delivery', () => {
  const clock = new FrameClock()
  expect(clock.dueMs(1_000_000, 5_020)).toBe(5_020)
  expect(clock.dueMs(1_033_000, 5_043)).toBe(5_043) // faster: ten milliseconds less in transit
  expect(clock.dueMs(1_066_000, 5_106)).toBe(5_076) // thirty late
})

it('forgets an old tie when the clocks drift', () => {
  const clock = new FrameClock()
  clock.dueMs(0, 100)
  expect(clock.dueMs(30_000_000, 30_150)).toBe(30_150)
})

it('does not take a single late frame for the new tie', () => {
  const clock = new FrameClock()
  for (let ms = 0; ms < 60_000; ms += 100) {
    const lateMs = ms % 1000 === 500 ? 80 : 0
    expect(clock.dueMs(ms * 1000, ms + 20 + lateMs)).toBeCloseTo(ms + 20, 6)
  }
})

it('starts anew when time stamps are set back', () => {
  const clock = new FrameClock()
  expect(clock.dueMs(1_218_000, 123)).toBe(123)
  expect(clock.dueMs(1_228_000, 123)).toBe(123)
  expect(clock.dueMs(158_000, 124)).toBe(124)
  expect(clock.dueMs(168_000, 140)).toBe(134)
})
