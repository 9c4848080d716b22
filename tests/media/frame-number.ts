import type { Pixels } from '../../models/pixels'

/**
 * A frame's number as black and white squares in the picture's bottom left corner, so that a test that sees a frame
 * knows which ground truth is its. Squares are large enough to survive a camera's compression.
 */
const BITS = 10
const SQUARE = 8 // px

export function drawFrameNumber({ width, height, data }: Pixels, number: number): void {
  for (let y = height - SQUARE; y < height; y++) {
    for (let x = 0; x < BITS * SQUARE; x++) {
      const value = (number >> Math.floor(x / SQUARE)) & 1 ? 235 : 16
      data.fill(value, 4 * (y * width + x), 4 * (y * width + x) + 3)
    }
  }
}

/** What drawFrameNumber wrote, in a picture of the same size, not mirrored. */
export function readFrameNumber({ width, height, data }: Pixels): number {
  const row = (height - SQUARE / 2) * width
  let number = 0
  for (let bit = 0; bit < BITS; bit++) {
    const green = data[4 * (row + bit * SQUARE + SQUARE / 2) + 1] ?? 0
    if (green > 126) number |= 1 << bit
  }
  return number
}
