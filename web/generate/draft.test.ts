import { expect, test } from 'vitest'
import { placesOf } from './bring'
import { parseDraft } from './draft'

test('a draft of any age becomes one: what is not as it should be falls back', () => {
  const none = parseDraft(undefined)
  expect(none).toEqual({ sentence: '', mode: 'auto', workflow: '', tier: '', values: {}, jobId: '' })
  expect(parseDraft({ sentence: 'dance', mode: 'upside down', tier: 'high', values: { steps: 6 } })).toEqual({
    ...none,
    sentence: 'dance',
    tier: 'high',
    values: { steps: 6 },
  })
  expect(parseDraft('nonsense')).toEqual(none)
})

test('the two usual places are always there, named as the workflow names them', () => {
  expect(placesOf(undefined).map(({ slot, input }) => [slot, input])).toEqual([
    ['image:0', undefined],
    ['video:0', undefined],
  ])
  const inputs = [
    { name: 'driving', label: 'Driving video', kind: 'video' as const, required: true },
    { name: 'mask', label: 'Mask', kind: 'video' as const, required: false },
  ]
  const workflow = { id: 'w', title: '', does: '', model: '', inputs, parameters: [], outputs: [] }
  const places = placesOf({ ...workflow, tiers: [], isOwn: false, notes: [] })
  expect(places.map(({ slot, label }) => [slot, label])).toEqual([
    ['image:0', 'Reference picture'],
    ['video:0', 'Driving video'],
    ['video:1', 'Mask'],
  ])
})
