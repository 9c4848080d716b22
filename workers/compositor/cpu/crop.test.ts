import { expect, it } from 'vitest'
import { type Affine, applyX, applyY, invert } from '../../../models/affine'
import { createPixels, type Pixels } from '../../../models/pixels'
import { cropPixels, tapsPerSide } from './crop'

/** Red grows to the right, green downwards, blue is a chequerboard. */
function pattern(width: number, height: number): Pixels {
  const pixels = createPixels(width, height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      pixels.data.set([x * 4, y * 4, (x + y) % 2 ? 200 : 40, 255], (y * width + x) * 4)
  return pixels
}

const at = ({ data, width }: Pixels, x: number, y: number) => [
  ...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4),
]

it('is the frame itself where nothing is turned or scaled', () => {
  const frame = pattern(20, 20)
  const out = createPixels(10, 10)
  cropPixels(frame, [1, 0, 0, 1, -5, -7], out)
  for (const [x, y] of [
    [0, 0],
    [9, 9],
    [3, 6],
  ] as const)
    expect(at(out, x, y)).toEqual(at(frame, x + 5, y + 7))
})

it('samples where the map says, turned and enlarged', () => {
  const frame = pattern(60, 60)
  const frameToCrop: Affine = [1.5, 0.9, -0.9, 1.5, 10, -20]
  const out = createPixels(60, 60)
  cropPixels(frame, frameToCrop, out)
  const cropToFrame = invert(frameToCrop)
  let inside = 0
  for (let y = 0; y < 60; y += 7)
    for (let x = 0; x < 60; x += 7) {
      const fx = applyX(cropToFrame, x + 0.5, y + 0.5)
      const fy = applyY(cropToFrame, x + 0.5, y + 0.5)
      if (fx < 1 || fy < 1 || fx > 59 || fy > 59) continue
      inside++
      const [red, green] = at(out, x, y)
      expect(Math.abs(red! - (fx - 0.5) * 4)).toBeLessThanOrEqual(1) // texel centres at .5
      expect(Math.abs(green! - (fy - 0.5) * 4)).toBeLessThanOrEqual(1)
    }
  expect(inside).toBeGreaterThan(20)
})

it('averages over its footprint when the frame is shrunk', () => {
  const out = createPixels(10, 10)
  cropPixels(pattern(64, 64), [1 / 6, 0, 0, 1 / 6, 0, 0], out)
  expect(Math.abs(at(out, 4, 4)[2]! - 120)).toBeLessThan(25) // the chequerboard is grey from afar
})

it('is black and opaque outside the frame', () => {
  const out = createPixels(8, 8)
  cropPixels(pattern(4, 4), [1, 0, 0, 1, 2, 2], out)
  expect(at(out, 0, 0)).toEqual([0, 0, 0, 255])
  expect(at(out, 7, 4)).toEqual([0, 0, 0, 255])
  expect(at(out, 3, 2)).toEqual(at(pattern(4, 4), 1, 0))
})

it('takes one tap per two frame pixels of an output pixel, at most four', () => {
  const taps = (scale: number) => tapsPerSide([scale, 0, 0, scale, 0, 0])
  expect([2, 1, 0.5, 0.25, 1 / 6, 1 / 8, 1 / 50].map(taps)).toEqual([1, 1, 1, 2, 3, 4, 4])
})
