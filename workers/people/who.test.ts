import { describe, expect, it } from 'vitest'
import { createPixels } from '../../models/pixels'
import type { Cast, Person } from '../clip/cast'
import type { Face } from '../faces/face'
import { peopleOf, rolesOf } from './who'

const WIDTH = 1000

/** A square face of a tenth of the width. */
function faceAt(x: number, y = 300, size = 100): Face {
  const landmarks = Float32Array.of(x - size / 2, y - size / 2, 0, x + size / 2, y + size / 2, 0)
  const crop = { pixels: createPixels(1, 1), frameToCrop: [1, 0, 0, 1, 0, 0] as const }
  return { id: 1, landmarks, score: 1, crop, missingMs: 0 }
}

/** Seen five times a second from `from` to `to`, at x(t) px. */
const person = (id: string, from: number, to: number, x: (timeS: number) => number, size = 100): Person => ({
  id,
  sightings: Array.from({ length: Math.round((to - from) * 5) + 1 }, (_, i) => {
    const timeS = from + i / 5
    return { timeS, x: x(timeS) / WIDTH, y: 0.3, size: size / WIDTH }
  }),
})

const cast: Cast = { everyone: 'stranger', people: { ann: 'queen', bob: 'keep' } }
const who = (faces: readonly Face[], timeS: number, people: readonly Person[]) =>
  peopleOf(faces, timeS, WIDTH, people).map((found) => found?.id)

describe('rolesOf', () => {
  const people = [
    person('ann', 0, 4, () => 200),
    person('bob', 0, 4, () => 700),
    person('cy', 0, 4, () => 450),
  ]

  it('gives each face the role of who is there, in the order of the faces', () => {
    const roles = rolesOf([faceAt(705), faceAt(190), faceAt(455)], 2.07, WIDTH, people, cast)
    expect(roles).toEqual(['keep', 'queen', 'stranger'])
  })

  it("gives everyone's role to faces the scan did not know", () => {
    expect(rolesOf([faceAt(930)], 2, WIDTH, people, cast)).toEqual(['stranger'])
    expect(rolesOf([faceAt(200)], 2, WIDTH, [], cast)).toEqual(['stranger'])
    expect(rolesOf([faceAt(200, 300, 22)], 2, WIDTH, people, cast)).toEqual(['stranger'])
  })
})

describe('peopleOf', () => {
  it('takes two faces for two people, even where both could be one', () => {
    const people = [person('ann', 0, 4, () => 500), person('bob', 0, 4, () => 560)]
    expect(who([faceAt(545), faceAt(520)], 2, people)).toEqual(['bob', 'ann'])
    expect(who([faceAt(545), faceAt(570)], 2, people)).toEqual(['ann', 'bob'])
  })

  it('follows people between sightings, also past each other', () => {
    const people = [person('ann', 0, 4, (t) => 200 + 150 * t), person('bob', 0, 4, (t) => 800 - 150 * t)]
    for (let timeS = 0; timeS <= 4; timeS += 1 / 30) {
      const [x, y] = [200 + 150 * timeS, 800 - 150 * timeS]
      if (Math.abs(x - y) < 20) continue
      expect(who([faceAt(x), faceAt(y)], timeS, people), `at ${timeS}`).toEqual(['ann', 'bob'])
    }
  })

  it('knows who comes in a moment before the first sighting, and not for longer', () => {
    const people = [person('ann', 3, 5, () => 200)]
    expect(who([faceAt(230)], 2.6, people)).toEqual(['ann'])
    expect(who([faceAt(230)], 2, people)).toEqual([undefined])
    expect(who([faceAt(230)], 5.4, people)).toEqual(['ann'])
    expect(who([faceAt(230)], 6, people)).toEqual([undefined])
  })

  it('keeps people on their side of a cut, however alike their places', () => {
    const cut = 1.37
    const at = (timeS: number) => ({ timeS, x: 0.2, y: 0.3, size: 0.1 })
    const people: Person[] = [
      { id: 'ann', sightings: [0.8, 1, 1.2, 1.337].map(at) },
      { id: 'bob', sightings: [cut, 1.57, 1.77].map(at) },
    ]
    for (const timeS of [1.21, 1.3, 1.337]) expect(who([faceAt(200)], timeS, people)).toEqual(['ann'])
    for (const timeS of [cut, 1.404, 1.5]) expect(who([faceAt(200)], timeS, people)).toEqual(['bob'])
  })

  it('does not see anybody in the long gap between two visits', () => {
    const twice = {
      id: 'ann',
      sightings: [...person('', 0, 1, () => 200).sightings, ...person('', 5, 6, () => 200).sightings],
    }
    expect(who([faceAt(200)], 3, [twice])).toEqual([undefined])
    expect(who([faceAt(200)], 5.5, [twice])).toEqual(['ann'])
  })
})
