/** Pictures made larger, smaller and sharper with care: once per source or size, never per frame. */
import { createPixels, type Pixels } from '../../models/pixels'

/** Catmull–Rom's cubic: sharp, and rings less than Lanczos. */
function cubic(x: number): number {
  const t = Math.abs(x)
  if (t >= 2) return 0
  return t < 1 ? (1.5 * t - 2.5) * t * t + 1 : ((-0.5 * t + 2.5) * t - 4) * t + 2
}

interface Taps {
  readonly first: Int32Array
  readonly weights: Float32Array // `reach` per output pixel
  readonly reach: number
}

/** Which input pixels make each of `size` output pixels spread over `start`..`start + length` of the input. */
function tapsFor(start: number, length: number, size: number): Taps {
  const step = length / size
  const width = Math.max(1, step) // a shrinking picture is averaged over the wider footprint
  const reach = Math.ceil(4 * width) + 1
  const first = new Int32Array(size)
  const weights = new Float32Array(size * reach)
  for (let i = 0; i < size; i++) {
    const centre = start + (i + 0.5) * step - 0.5
    const from = Math.ceil(centre - 2 * width)
    first[i] = from
    let sum = 0
    for (let k = 0; k < reach; k++) sum += cubic((from + k - centre) / width)
    for (let k = 0; k < reach; k++) weights[i * reach + k] = cubic((from + k - centre) / width) / sum
  }
  return { first, weights, reach }
}

/** The square of `side` px at (x, y) of a picture as `size` × `size` px; edges repeated. Opaque. */
export function resample(from: Pixels, x: number, y: number, side: number, size: number): Pixels {
  // Indices below are in range by construction: taps are clamped to the picture.
  const across = tapsFor(x, side, size)
  const down = tapsFor(y, side, size)
  const top = Math.max(0, Math.min(from.height - 1, down.first[0] as number))
  const lastTap = (down.first[size - 1] as number) + down.reach - 1
  const rows = Math.max(1, Math.min(from.height - 1, lastTap) - top + 1)
  const narrow = new Float32Array(rows * size * 3)
  for (let row = 0; row < rows; row++) {
    const line = (top + row) * from.width
    for (let i = 0; i < size; i++) {
      let [r, g, b] = [0, 0, 0]
      for (let k = 0; k < across.reach; k++) {
        const column = Math.max(0, Math.min(from.width - 1, (across.first[i] as number) + k))
        const at = (line + column) * 4
        const weight = across.weights[i * across.reach + k] as number
        r += weight * (from.data[at] as number)
        g += weight * (from.data[at + 1] as number)
        b += weight * (from.data[at + 2] as number)
      }
      const to = (row * size + i) * 3
      narrow[to] = r
      narrow[to + 1] = g
      narrow[to + 2] = b
    }
  }
  const out = createPixels(size, size)
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) {
      let [r, g, b] = [0, 0, 0]
      for (let k = 0; k < down.reach; k++) {
        const row = Math.max(0, Math.min(from.height - 1, (down.first[j] as number) + k)) - top
        const at = (Math.max(0, Math.min(rows - 1, row)) * size + i) * 3
        const weight = down.weights[j * down.reach + k] as number
        r += weight * (narrow[at] as number)
        g += weight * (narrow[at + 1] as number)
        b += weight * (narrow[at + 2] as number)
      }
      const to = (j * size + i) * 4
      out.data[to] = r
      out.data[to + 1] = g
      out.data[to + 2] = b
      out.data[to + 3] = 255
    }
  }
  return out
}

/** Unsharp mask: what a 5-tap binomial blur takes away is added back `amount` times. */
export function sharpen({ width, height, data }: Pixels, amount: number): Pixels {
  const out = createPixels(width, height)
  const blurred = new Float32Array(width * height * 3)
  const row = (y: number) => Math.max(0, Math.min(height - 1, y)) * width
  const column = (x: number) => Math.max(0, Math.min(width - 1, x))
  for (let y = 0; y < height; y++) {
    const rows = [row(y - 2), row(y - 1), row(y), row(y + 1), row(y + 2)] as const
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const at = (k: 0 | 1 | 2 | 3 | 4) => data[(rows[k] + x) * 4 + c] as number
        blurred[(y * width + x) * 3 + c] = (at(0) + 4 * at(1) + 6 * at(2) + 4 * at(3) + at(4)) / 16
      }
    }
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const columns = [column(x - 2), column(x - 1), x, column(x + 1), column(x + 2)] as const
      const to = (y * width + x) * 4
      for (let c = 0; c < 3; c++) {
        const at = (k: 0 | 1 | 2 | 3 | 4) => blurred[(y * width + columns[k]) * 3 + c] as number
        const blur = (at(0) + 4 * at(1) + 6 * at(2) + 4 * at(3) + at(4)) / 16
        const value = data[to + c] as number
        out.data[to + c] = value + amount * (value - blur)
      }
      out.data[to + 3] = 255
    }
  }
  return out
}
