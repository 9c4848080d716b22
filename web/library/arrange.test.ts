import { expect, test } from 'vitest'
import type { LibraryItem } from '../../workers/library/library-item'
import { arrange } from './arrange'

const item = (name: string, rest: Partial<LibraryItem>): LibraryItem => ({
  id: name,
  name,
  kind: 'clip',
  type: 'video/mp4',
  addedAt: 0,
  bytes: 0,
  durationS: undefined,
  width: undefined,
  height: undefined,
  thumbnail: undefined,
  state: 'whole',
  ...rest,
})

const items = [
  item('Take 10', { addedAt: 3, bytes: 50, durationS: 9, kind: 'recording' }),
  item('take 9', { addedAt: 2, bytes: 70, durationS: 2, kind: 'recording' }),
  item('Dance', { addedAt: 5, bytes: 10, kind: 'gif' }),
  item('Portrait', { addedAt: 4, bytes: 20, kind: 'still' }),
  item('Broken', { addedAt: 1, state: 'interrupted', kind: 'recording' }),
]

test.each([
  ['all', 'newest', ['Dance', 'Portrait', 'Take 10', 'take 9']],
  ['all', 'oldest', ['take 9', 'Take 10', 'Portrait', 'Dance']],
  ['all', 'name', ['Dance', 'Portrait', 'take 9', 'Take 10']],
  ['recordings', 'largest', ['take 9', 'Take 10']],
  ['recordings', 'longest', ['Take 10', 'take 9']],
  ['clips', 'newest', ['Dance']],
  ['pictures', 'newest', ['Portrait']],
] as const)('%s by %s', (filter, order, expected) => {
  expect(arrange(items, filter, order).map(({ name }) => name)).toEqual(expected)
})
