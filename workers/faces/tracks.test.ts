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

  it('ends the younger of two tracks that slid onto one face', () => {
    const tracks = new Tracks(4)
    const old = tracks.begin(faceAt(100, 100), 0)
    const young = tracks.begin(faceAt(300, 100), 33)
    tracks.see(old, faceAt(200, 100), 66)
    tracks.see(young, faceAt(205, 100), 66)
    tracks.settle(66)
    expect(tracks.all.map((track) => track.id)).toEqual([old.id])
  })

  it('knows a place it already follows', () => {
    const tracks = new Tracks(4)
    tracks.begin(faceAt(100, 100), 0)
    expect(tracks.follows({ x: 105, y: 95, size: 90 }, 0)).toBe(true)
    expect(tracks.follows({ x: 300, y: 95, size: 90 }, 0)).toBe(false)
    expect(tracks.follows({ x: 105, y: 95, size: 90 }, 33)).toBe(false)
  })
})
