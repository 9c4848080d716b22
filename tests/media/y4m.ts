import type { Pixels } from '../../models/pixels'

/** Uncompressed video as Chromium's fake camera reads it: YUV4MPEG2, 4:2:0. Width and height must be even. */
export const y4mHeader = (width: number, height: number, fps: number): Buffer =>
  Buffer.from(`YUV4MPEG2 W${width} H${height} F${fps}:1 Ip A1:1 C420jpeg\n`)

const FRAME = Buffer.from('FRAME\n')

/** One frame with its marker: BT.601, limited range, chroma averaged over 2 × 2 pixels. */
export function y4mFrame({ width, height, data }: Pixels): Buffer {
  const area = width * height
  const frame = Buffer.alloc(FRAME.length + (area * 3) / 2)
  FRAME.copy(frame)
  const luma = frame.subarray(FRAME.length)
  const blue = luma.subarray(area)
  const red = blue.subarray(area / 4)
  // Indices are in range by construction.
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      let [u, v] = [0, 0]
      for (let k = 0; k < 4; k++) {
        const pixel = (y + (k >> 1)) * width + x + (k & 1)
        const r = data[4 * pixel] as number
        const g = data[4 * pixel + 1] as number
        const b = data[4 * pixel + 2] as number
        luma[pixel] = Math.round(16 + 0.25679 * r + 0.50413 * g + 0.09791 * b)
        u += 128 - 0.14822 * r - 0.29099 * g + 0.43922 * b
        v += 128 + 0.43922 * r - 0.36779 * g - 0.07143 * b
      }
      const chroma = ((y >> 1) * width) / 2 + (x >> 1)
      blue[chroma] = Math.round(u / 4)
      red[chroma] = Math.round(v / 4)
    }
  }
  return frame
}
