import { describe, expect, it } from 'vitest'
import { seededRandom } from '../demo-head/noise'
import { clusterByEmbedding, type Stretch } from './cluster'

const DIMENSIONS = 64
const random = seededRandom(3)
const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

function unit(values: Float32Array): Float32Array {
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}

const somebody = () => unit(new Float32Array(DIMENSIONS).map(gauss))

/** Another look at somebody: cosine about 0.75, as of one person in two pictures. */
const lookAt = (person: Float32Array) =>
  unit(person.map((value) => value + 0.6 * (gauss() / Math.sqrt(DIMENSIONS))))

let nextLook = 0
const stretch = (embedding: Float32Array | undefined, looks = [nextLook++], weight = 3): Stretch => ({
  looks,
  embedding,
  weight: embedding ? weight : 0,
})

describe('clusterByEmbedding', () => {
  it.each([1, 2, 3, 5, 8])('finds %i people, each in several stretches', (count) => {
    const people = Array.from({ length: count }, somebody)
    const stretches = Array.from({ length: 6 * count }, (_, i) => stretch(lookAt(people[i % count]!)))
    const groups = clusterByEmbedding(stretches)
    expect(groups.map((group) => new Set(group.map((i) => i % count)).size)).toEqual(Array(count).fill(1))
    expect(groups.flat().sort((a, b) => a - b)).toEqual(stretches.map((_, i) => i))
  })

  it('never takes two faces of one look for the same person, however alike', () => {
    const twin = somebody()
    const groups = clusterByEmbedding([
      stretch(lookAt(twin), [1, 2, 3]),
      stretch(lookAt(twin), [3, 4]),
      stretch(lookAt(twin), [7]),
    ])
    expect(groups).toHaveLength(2)
    expect(groups.some((group) => group.includes(0) && group.includes(1))).toBe(false)
  })

  it('leaves alone who has no embedding', () => {
    const person = somebody()
    const groups = clusterByEmbedding([stretch(lookAt(person)), stretch(undefined), stretch(lookAt(person))])
    expect(groups).toEqual([[0, 2], [1]])
  })

  it('brings together what only the others make alike', () => {
    // From the left and from the right a person looks like two; views in between draw the two together.
    const mixed = (left: number, right: number) => unit(Float32Array.of(left, right))
    const [a, b] = [mixed(1, 0), mixed(0, 1)]
    const sides = [
      stretch(a, [1, 2], 5),
      stretch(b, [3], 4),
      stretch(mixed(1, 0.7), [4], 3),
      stretch(mixed(0.6, 1), [5], 3),
    ]
    expect(clusterByEmbedding(sides.slice(0, 2))).toHaveLength(2)
    expect(clusterByEmbedding(sides)).toHaveLength(1)
  })
})
