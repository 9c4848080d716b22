import { expect, test } from 'vitest'
import type { ClipInfo } from '../../workers/media/clip-info'
import { parseSettings } from '../settings/schema'
import { castOf, lookOf, newDraft, settingsOf, sourceIdsOf, spanOf } from './draft'

const info: ClipInfo = {
  container: 'MP4',
  bytes: 1000,
  fromS: 0.5,
  toS: 10.5,
  video: { codec: 'H.264', width: 640, height: 480, fps: 30, hdr: undefined },
  audio: undefined,
  converted: false,
  warnings: [],
}
const draft = {
  ...newDraft(new File([], 'a.mp4'), 'clip', parseSettings({}).look),
  opened: { kind: 'clip', info } as const,
}
const people = ['ann', 'bob'].map((id) => ({ id, sightings: [], seenS: 1, thumbnail: undefined as never }))
const scan = { people, by: 'track' } as const
const known = (id: string) => ['vera', 'anton'].includes(id)

test('without marks, or with marks at the ends, it is the whole clip', () => {
  expect(spanOf(draft)).toBeUndefined()
  expect(spanOf({ ...draft, marks: { inS: 0.5, outS: 10.5 } })).toBeUndefined()
  expect(spanOf({ ...draft, marks: { inS: 2, outS: undefined } })).toEqual({ fromS: 2, toS: 10.5 })
  expect(spanOf({ ...draft, marks: { inS: undefined, outS: 3 } })).toEqual({ fromS: 0.5, toS: 3 })
})

test('everybody follows the character in use until told otherwise', () => {
  expect(castOf(draft, 'vera', known)).toEqual({ everyone: 'vera', people: {} })
  expect(castOf(draft, '', known)).toEqual({ everyone: 'keep', people: {} })
  expect(castOf({ ...draft, everyone: 'anton' }, 'vera', known).everyone).toBe('anton')
  expect(castOf({ ...draft, everyone: 'keep' }, 'vera', known).everyone).toBe('keep')
})

test('a deleted source leaves its role: a person to everybody, everybody to their own faces', () => {
  const roles = { ann: 'gone', bob: 'keep' }
  expect(castOf({ ...draft, scan, roles }, 'vera', known)).toEqual({
    everyone: 'vera',
    people: { bob: 'keep' },
  })
  expect(castOf({ ...draft, everyone: 'gone' }, 'vera', known).everyone).toBe('keep')
})

test('roles of people that another scan found do not count', () => {
  expect(castOf({ ...draft, scan, roles: { ann: 'anton', carl: 'anton' } }, 'vera', known).people).toEqual({
    ann: 'anton',
  })
})

test('each source is named once, own faces never', () => {
  expect(sourceIdsOf({ everyone: 'vera', people: { ann: 'vera', bob: 'keep', carl: 'anton' } })).toEqual([
    'vera',
    'anton',
  ])
  expect(sourceIdsOf({ everyone: 'keep', people: {} })).toEqual([])
})

test('a clip is never mirrored and swaps whom the cast says, whatever Live does', () => {
  const live = { ...parseSettings({}).look, mirror: true, faces: 'largest' as const, opacity: 0.5 }
  const look = lookOf(newDraft(new File([], 'a.mp4'), 'clip', live))
  expect(look).toMatchObject({ mirror: false, faces: 'all', split: undefined, opacity: 0.5 })
})

test('what is sent can be sent: no pictures of people, only where they are', () => {
  const settings = settingsOf({ ...draft, scan }, castOf(draft, 'vera', known), [])
  expect(structuredClone(settings)).toEqual(settings)
  expect(settings.people).toEqual([
    { id: 'ann', sightings: [] },
    { id: 'bob', sightings: [] },
  ])
})
