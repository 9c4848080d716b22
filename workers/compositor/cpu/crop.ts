/**
 * Cuts a turned square out of a frame in plain memory.
 * Indices below are in range by construction, hence the casts: noUncheckedIndexedAccess would cost a branch per read.
 */
import { type Affine, invert, scaleOf } from '../../../models/affine'
import type { Pixels } from '../../../models/pixels'

/** Taps along each side of an output pixel, so that its footprint is seen whole: one per two frame pixels, 1 to 4. */
export function tapsPerSide(frameToCrop: Affine): number {
  return Math.min(4, Math.max(1, Math.round(1 / scaleOf(frameToCrop) / 2)))
}

/** Fills `out` as `Plate.crop` says. A tap outside the frame is black; inside, the frame's edge is repeated. */
export function cropPixels(frame: Pixels, frameToCrop: Affine, out: Pixels): void {
  const { width, height, data } = frame
  const [a, b, c, d, e, f] = invert(frameToCrop)
  const taps = tapsPerSide(frameToCrop)
  const share = 1 / (taps * taps)
  const maxX = width - 1
  const maxY = height - 1
  const stride = width * 4
  let to = 0
  for (let row = 0; row < out.height; row++) {
    for (let column = 0; column < out.width; column++) {
      let red = 0
      let green = 0
      let blue = 0
      for (let j = 0; j < taps; j++) {
        const v = row + (j + 0.5) / taps
        for (let i = 0; i < taps; i++) {
          const u = column + (i + 0.5) / taps
          const x = a * u + c * v + e
          const y = b * u + d * v + f
          if (!(x >= 0 && y >= 0 && x < width && y < height)) continue
          const cx = x < 0.5 ? 0 : Math.min(x - 0.5, maxX)
          const cy = y < 0.5 ? 0 : Math.min(y - 0.5, maxY)
          const ix = cx | 0
          const iy = cy | 0
          const fx = cx - ix
          const fy = cy - iy
          const p = iy * stride + ix * 4
          const q = ix < maxX ? p + 4 : p
          const below = iy < maxY ? stride : 0
          const w11 = fx * fy
          const w10 = fx - w11
          const w01 = fy - w11
          const w00 = 1 - fx - w01
          red +=
            w00 * (data[p] as number) +
            w10 * (data[q] as number) +
            w01 * (data[p + below] as number) +
            w11 * (data[q + below] as number)
          green +=
            w00 * (data[p + 1] as number) +
            w10 * (data[q + 1] as number) +
            w01 * (data[p + below + 1] as number) +
            w11 * (data[q + below + 1] as number)
          blue +=
            w00 * (data[p + 2] as number) +
            w10 * (data[q + 2] as number) +
            w01 * (data[p + below + 2] as number) +
            w11 * (data[q + below + 2] as number)
        }
      }
      out.data[to] = red * share
      out.data[to + 1] = green * share
      out.data[to + 2] = blue * share
      out.data[to + 3] = 255
      to += 4
    }
  }
}
