import { expect, test } from 'vitest'
import { framesFor, pointAt, toMultiple } from './measure'

test('any time is one more than a multiple of four frames, never far from what was asked for', () => {
  for (let seed = 1; seed <= 2000; seed++) {
    const durationS = ((seed * 7919) % 600) / 10 + 0.1
    const fps = [1, 8, 16, 23.976, 24, 25, 30, 60][seed % 8]!
    const frames = framesFor(durationS, fps)
    expect(Number.isInteger(frames)).toBe(true)
    expect(frames % 4).toBe(1)
    expect(frames).toBeGreaterThanOrEqual(5)
    if (durationS * fps > 5) expect(Math.abs(frames - durationS * fps)).toBeLessThanOrEqual(2)
  }
})

test.each([
  [3.4, 24, 81],
  [5, 16, 81],
  [4.8, 16, 77],
  [0, 24, 5],
])('%d seconds at %d frames per second are %d frames', (durationS, fps, frames) => {
  expect(framesFor(durationS, fps)).toBe(frames)
})

test('any size becomes the nearest multiple of sixteen', () => {
  for (let pixels = 0; pixels <= 4000; pixels++) {
    const size = toMultiple(pixels, 16)
    expect(size % 16).toBe(0)
    expect(size).toBeGreaterThanOrEqual(16)
    if (pixels >= 16) expect(Math.abs(size - pixels)).toBeLessThanOrEqual(8)
  }
})

test('a point in percent stays inside the picture', () => {
  expect(pointAt(50, 50)).toBe('[{"x":384,"y":384}]')
  expect(pointAt(0, 100)).toBe('[{"x":0,"y":767}]')
})
