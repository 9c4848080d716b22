import type { Pixels } from './pixels'

// Indices below are in range by construction.

/**
 * RGB planes (NCHW, alpha dropped) of a picture for a network: the bytes 0..255 become low..high. Writes into `out`
 * (3 · width · height long), which stays the caller's.
 */
export function fillPlanes(
  pixels: Pixels,
  [low, high]: readonly [low: number, high: number],
  out: Float32Array,
) {
  const { width, height, data } = pixels
  const area = width * height
  const scale = (high - low) / 255
  const [green, blue] = [area, 2 * area]
  for (let i = 0, at = 0; i < area; i++, at += 4) {
    out[i] = (data[at] as number) * scale + low
    out[green + i] = (data[at + 1] as number) * scale + low
    out[blue + i] = (data[at + 2] as number) * scale + low
  }
}
