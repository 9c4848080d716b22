import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { backoffMs, Troubles } from './troubles'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a box is left alone for longer with each failure, and only for the job that failed there', () => {
  const troubles = new Troubles()
  expect(troubles.add('job', 'attic', 1000)).toBe(1)
  expect(troubles.avoidMs('job', 'attic')).toBe(1000)
  expect(troubles.avoidMs('job', 'barn')).toBe(0)
  expect(troubles.avoidMs('other', 'attic')).toBe(0)
  expect(troubles.add('job', 'attic', 1000)).toBe(2)
  expect(troubles.avoidMs('job', 'attic')).toBe(2000)
  vi.advanceTimersByTime(2000)
  expect(troubles.avoidMs('job', 'attic')).toBe(0)
  troubles.forget('job')
  expect(troubles.add('job', 'attic', 1000)).toBe(1)
})

test('the longest pause is 16 times the shortest', () => {
  expect([0, 1, 2, 3, 5, 9].map((failures) => backoffMs(failures, 10))).toEqual([10, 10, 20, 40, 160, 160])
})
