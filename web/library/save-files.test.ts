import { expect, test } from 'vitest'
import { freeName } from './save-files'

test('a name that is taken gets a number', () => {
  const taken = new Set(['a.mp4', 'a (2).mp4'])
  expect(freeName('a.mp4', taken)).toBe('a (3).mp4')
  expect(freeName('b.c.mp4', taken)).toBe('b.c.mp4')
})
