import { expect, test } from 'vitest'
import { Rates } from './rates'

let nowMs = 0
const rates = (burst: number, perSecond: number) => new Rates({ burst, perSecond }, () => nowMs)

test('a burst, then as much as comes back with time', () => {
  const five = rates(5, 2)
  expect([1, 2, 3, 4, 5].map(() => five.take('a'))).toEqual([0, 0, 0, 0, 0])
  expect(five.take('a')).toBe(500)
  nowMs += 499
  expect(five.take('a')).toBe(1)
  nowMs += 1
  expect([five.take('a'), five.take('a')]).toEqual([0, 500])
  expect(five.take('b')).toBe(0) // each for itself
  nowMs += 3_600_000
  expect([1, 2, 3, 4, 5, 6].map(() => five.take('a'))).toEqual([0, 0, 0, 0, 0, 500])
})

test('what is too much takes nothing; what was not used comes back; a debt must be waited for', () => {
  const bytes = rates(100, 10)
  expect(bytes.take('a', 101)).toBe(100)
  expect(bytes.take('a', 100)).toBe(0)
  bytes.giveBack('a', 60)
  expect(bytes.take('a', 60)).toBe(0)
  bytes.giveBack('a', 500)
  expect(bytes.take('a', 101)).toBe(100) // never more than a full bucket
  bytes.giveBack('a', -150)
  expect(bytes.take('a', 1)).toBe(5100)
})

test('a clock that goes back gives nothing, and harms nothing', () => {
  const one = rates(1, 1)
  expect(one.take('a')).toBe(0)
  nowMs -= 10_000
  expect(one.take('a')).toBe(1000)
  nowMs += 1000
  expect(one.take('a')).toBe(0)
})

test('any number of askers fits in, and the busiest is not forgotten for them', () => {
  const one = rates(2, 1)
  expect([one.take('busy'), one.take('busy')]).toEqual([0, 0])
  for (let i = 0; i < 30_000; i++) one.take(`${i}`)
  expect(one.take('busy')).toBe(1000)
})
