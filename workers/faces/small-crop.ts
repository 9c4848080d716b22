import { compose } from '../../models/affine'
import { createPixels } from '../../models/pixels'
import type { Crop } from './face'

/** Four pixels a side become one: 48 × 48 of the mesh network's 192 × 192, which is as closely as colours are read. */
const TIMES = 4

/** The same view in a sixteenth of the bytes, to be held for later. A new array. */
export function smallCrop({ pixels, frameToCrop }: Crop): Crop {
  const small = createPixels(pixels.width / TIMES, pixels.height / TIMES)
  const stride = 4 * pixels.width
  let to = 0
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++, to += 4) {
      for (let c = 0; c < 4; c++) {
        let sum = 0
        for (let row = 0; row < TIMES; row++) {
          const from = (y * TIMES + row) * stride + 4 * TIMES * x + c
          for (let column = 0; column < TIMES; column++) sum += pixels.data[from + 4 * column] as number // in range
        }
        small.data[to + c] = sum / TIMES ** 2
      }
    }
  }
  const share = 1 / TIMES
  return { pixels: small, frameToCrop: compose(frameToCrop, [share, 0, 0, share, 0, 0]) }
}
