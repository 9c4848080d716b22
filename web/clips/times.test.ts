import { expect, test } from 'vitest'
import { clock, roughly, size, spoken, timecode } from './times'

test.each([
  [0, '0:00.00'],
  [3.4801, '0:03.48'],
  [59.999, '1:00.00'],
  [725, '12:05.00'],
  [3723.4, '1:02:03.40'],
  [-0.001, '0:00.00'],
])('%d s is %s', (seconds, shown) => expect(timecode(seconds)).toBe(shown))

test.each([
  [59.6, '1:00'],
  [3599, '59:59'],
  [3600, '1:00:00'],
])('%d s is %s on the clock', (seconds, shown) => expect(clock(seconds)).toBe(shown))

test.each([
  [1, 'a few seconds'],
  [12, 'about 15 s'],
  [52, 'about 55 s'],
  [58, 'about 1 min'],
  [190, 'about 3 min'],
  [3599, 'about 1 h'],
  [4810, 'about 1 h 20 min'],
  [7190, 'about 2 h'],
])('%d s takes %s', (seconds, words) => expect(roughly(seconds)).toBe(words))

test('sizes and moments in words', () => {
  expect([100, 940_000, 8_240_000, 82_400_000, 1_440_000_000].map(size)).toEqual([
    '1 kB',
    '940 kB',
    '8.2 MB',
    '82 MB',
    '1.4 GB',
  ])
  expect(spoken(63.5)).toBe('1 minute 3.5 seconds')
  expect(spoken(3)).toBe('3.0 seconds')
})
