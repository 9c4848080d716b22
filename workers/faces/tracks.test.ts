import { describe, expect, it } from 'vitest'
import { placeOf, Tracks } from './tracks'

/** A square "face" of `size` px around (x, y). */
const faceAt = (x: number, y: number, size = 100) =>
  new Float32Array([x - size / 2, y - size / 2, 0, x + size / 2, y + size / 2, 0])

describe('Tracks', () => {
  it('measures where a face is', () => {
    expect(placeOf(faceAt(50, 80))).toEqual({ x: 50, y: 80, size: 100 })
  })

  it('gives a face that was lost for a moment its number back', () => {
    const tracks = new Tracks(4)
    const { id } = tracks.begin(faceAt(100, 100), 0)
    tracks.settle(0)
    tracks.settle(400)
    expect(tracks.begin(faceAt(160, 110), 400).id).toBe(id)
  })

  it('gives a new number to a face far away, or after too long', () => {
    const tracks = new Tracks(4)
    const { id } = tracks.begin(faceAt(100, 100), 0)
    expect(tracks.begin(faceAt(400, 100), 33).id).not.toBe(id)
    const later = new Tracks(4)
    const first = later.begin(faceAt(100, 100), 0)
    later.settle(2500)
    expect(later.begin(faceAt(100, 100), 2500).id).not.toBe(first.id)
  })

  it('keeps the numbers of two faces that come back side by side', () => {
    const tracks = new Tracks(4)
    const left = tracks.begin(faceAt(100, 100), 0).id
    const right = tracks.begin(faceAt(260, 100), 0).id
    tracks.settle(0)
    expect(tracks.begin(faceAt(250, 104), 200).id).toBe(right)
    expect(tracks.begin(faceAt(110, 98), 200).id).toBe(left)
  })

  it('leaves a face two tracks slid onto to the one that was expected there', () => {
    const tracks = new Tracks(4)
    const right = tracks.begin(faceAt(100, 100), 0)
    const left = tracks.begin(faceAt(500, 100), 0)
    for (let ms = 33; ms <= 594; ms += 33) {
      tracks.see(right, faceAt(100 + ms / 4, 100), ms)
      tracks.see(left, faceAt(500 - ms / 4, 100), ms)
      tracks.settle(ms)
    }
    // The one that goes left is hidden: its crop shows the other one's face.
    const both = faceAt(100 + 627 / 4, 100)
    const strays = tracks.strays(
      new Map([
        [left, both],
        [right, both],
      ]),
      627,
    )
    expect(strays).toEqual([left])
    tracks.lose(left)
    tracks.see(right, both, 627)
    tracks.settle(627)
    expect(tracks.all.map(({ id }) => id)).toEqual([right.id, left.id])
    // It comes out where it was going.
    expect(tracks.begin(faceAt(250, 100), 1000).id).toBe(left.id)
  })

  it('gives nobody of quite another colour a number back, but for in a crowd', () => {
    const [pale, dark] = [[210, 170, 150] as const, [90, 60, 50] as const]
    const tracks = new Tracks(4)
    const lost = tracks.begin(faceAt(100, 100), 0, pale)
    lost.colour = pale
    expect(tracks.begin(faceAt(130, 100), 500, dark).id).not.toBe(lost.id)
    expect(tracks.begin(faceAt(40, 100), 500, dark).id).toBe(lost.id) // mixed with the one beside it
  })

  it('ends a stray that never was a face of its own', () => {
    const tracks = new Tracks(4)
    const old = tracks.begin(faceAt(100, 100), 0)
    const young = tracks.begin(faceAt(300, 100), 33)
    tracks.lose(young)
    expect(tracks.all.map((track) => track.id)).toEqual([old.id])
  })

  it('goes on from what was saved', () => {
    const tracks = new Tracks(4)
    const { id } = tracks.begin(faceAt(100, 100), 0)
    tracks.see(tracks.all[0]!, faceAt(120, 100), 33)
    const other = new Tracks(4)
    other.restore(structuredClone(tracks.save()))
    expect(other.save()).toEqual(tracks.save())
    expect(other.begin(faceAt(400, 100), 66).id).toBe(id + 1)
  })

  it('knows a place it already follows', () => {
    const tracks = new Tracks(4)
    tracks.begin(faceAt(100, 100), 0)
    expect(tracks.follows({ x: 105, y: 95, size: 90 }, 0)).toBe(true)
    expect(tracks.follows({ x: 300, y: 95, size: 90 }, 0)).toBe(false)
    expect(tracks.follows({ x: 105, y: 95, size: 90 }, 33)).toBe(false)
  })
})
