import { describe, expect, it } from 'vitest'
import { createPixels, type Pixels } from '../../models/pixels'
import { toI420 } from './i420'

type Rgb = readonly [r: number, g: number, b: number]

function filled(width: number, height: number, colour: (x: number, y: number) => Rgb): Pixels {
  const pixels = createPixels(width, height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) pixels.data.set([...colour(x, y), 255], 4 * (y * width + x))
  return pixels
}

/** ITU-R BT.709-6 as it is written there, in floating point. */
function bt709([r, g, b]: Rgb): Rgb {
  const luma = 0.2126 * r + 0.7152 * g + 0.0722 * b
  return [
    16 + (219 * luma) / 255,
    128 + (224 * (b - luma)) / 1.8556 / 255,
    128 + (224 * (r - luma)) / 1.5748 / 255,
  ]
}

function convert(pixels: Pixels, width = pixels.width, height = pixels.height) {
  const chroma = Math.ceil(width / 2) * Math.ceil(height / 2)
  const planes = new Uint8Array(width * height + 2 * chroma)
  toI420(pixels, width, height, planes)
  return {
    y: planes.subarray(0, width * height),
    cb: planes.subarray(width * height, width * height + chroma),
    cr: planes.subarray(width * height + chroma),
  }
}

describe('BT.709 in limited range', () => {
  it('is exact to half a step for every kind of colour', () => {
    for (let r = 0; r < 256; r += 15)
      for (let g = 0; g < 256; g += 15)
        for (let b = 0; b < 256; b += 15) {
          const { y, cb, cr } = convert(filled(2, 2, () => [r, g, b]))
          const [wantedY, wantedCb, wantedCr] = bt709([r, g, b])
          expect(Math.abs(y[0]! - wantedY)).toBeLessThan(0.51)
          expect(Math.abs(cb[0]! - wantedCb)).toBeLessThan(0.51)
          expect(Math.abs(cr[0]! - wantedCr)).toBeLessThan(0.51)
        }
  })

  it('keeps grey grey, black at 16 and white at 235', () => {
    for (let grey = 0; grey < 256; grey++) {
      const { cb, cr } = convert(filled(2, 2, () => [grey, grey, grey]))
      expect([cb[0], cr[0]]).toEqual([128, 128])
    }
    expect(convert(filled(2, 2, () => [0, 0, 0])).y[3]).toBe(16)
    expect(convert(filled(2, 2, () => [255, 255, 255])).y[3]).toBe(235)
  })

  it('gives four pixels the mean of their chroma', () => {
    const colours: Rgb[] = [
      [250, 10, 30],
      [0, 200, 90],
      [20, 20, 240],
      [255, 255, 0],
    ]
    const { y, cb, cr } = convert(filled(2, 2, (x, at) => colours[2 * at + x]!))
    const wanted = colours.map(bt709)
    const mean = (channel: 1 | 2) => wanted.reduce((sum, colour) => sum + colour[channel], 0) / 4
    for (const [i, colour] of wanted.entries()) expect(Math.abs(y[i]! - colour[0])).toBeLessThan(0.51)
    expect(Math.abs(cb[0]! - mean(1))).toBeLessThan(0.51)
    expect(Math.abs(cr[0]! - mean(2))).toBeLessThan(0.51)
  })
})

it.each([
  [5, 3],
  [1, 1],
  [4, 1],
  [1, 6],
])('of %i × %i pixels none is lost', (width, height) => {
  const pixels = filled(width, height, (x, at) => [40 * x, 30 * at, 7 * x + 11 * at])
  const { y } = convert(pixels)
  for (let at = 0; at < height; at++)
    for (let x = 0; x < width; x++) {
      const [luma] = bt709([40 * x, 30 * at, 7 * x + 11 * at])
      expect(Math.abs(y[at * width + x]! - luma)).toBeLessThan(0.51)
    }
})

it('repeats the last column and row in a larger frame', () => {
  const pixels = filled(3, 3, (x, y) => [80 * x, 0, 80 * y])
  const { y: luma, cr } = convert(pixels, 6, 4)
  for (let y = 0; y < 4; y++)
    for (let x = 3; x < 6; x++) expect(luma[y * 6 + x]).toBe(luma[Math.min(y, 2) * 6 + 2])
  expect(Math.abs(cr[5]! - bt709([160, 0, 160])[2])).toBeLessThan(0.51)
})
