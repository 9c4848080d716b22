import { describe, expect, it } from 'vitest'
import { FollowedFace } from './stretch'

const one = Float32Array.of(1, 0, 0)
const other = Float32Array.of(0, 1, 0)

function follow(embeddings: readonly Float32Array[]) {
  const face = new FollowedFace()
  const split = embeddings.map((embedding, number) => {
    face.see({ number, sighting: { timeS: number, x: 0, y: 0, size: 1 }, sure: true })
    return face.recognise(embedding)
  })
  return { face, others: split.filter((each) => each !== undefined) }
}

describe('FollowedFace', () => {
  it('gives away the looks in which somebody else had taken the place', () => {
    const { face, others } = follow([one, one, one, other, other])
    expect(face.looks).toEqual([0, 1, 2])
    expect(others.map(({ looks, embedding, weight }) => [looks, embedding, weight])).toEqual([
      [[3, 4], other, 2],
    ])
  })

  it('shrugs off one bad look, and bad looks that have nothing in common', () => {
    expect(follow([one, one, other, one]).others).toEqual([])
    const { face, others } = follow([one, other, Float32Array.of(0, 0, 1)])
    expect(others).toEqual([])
    expect(face.embedding).toEqual(one)
  })
})
