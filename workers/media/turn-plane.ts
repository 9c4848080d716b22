import type { Rotation } from 'mediabunny'

type Plane = Uint8Array | Uint16Array | Uint32Array

/** Small enough that the rows read and the columns written stay in the processor's cache. */
const TILE = 32

/**
 * One plane turned clockwise, then mirrored left to right. `width` and `height` are those of `from`; both are tightly
 * packed. Indices are in range by construction.
 */
export function turnPlane(
  from: Plane,
  to: Plane,
  width: number,
  height: number,
  rotation: Rotation,
  isFlipped: boolean,
): void {
  const toWidth = rotation % 180 === 0 ? width : height
  const toHeight = rotation % 180 === 0 ? height : width
  // Where the pixel at (x, y) goes: start + x * alongX + y * alongY.
  let [start, alongX, alongY] = {
    0: [0, 1, toWidth],
    90: [toWidth - 1, toWidth, -1],
    180: [toWidth * toHeight - 1, -1, -toWidth],
    270: [(toHeight - 1) * toWidth, -toWidth, 1],
  }[rotation] as [number, number, number] // three numbers each
  if (isFlipped) {
    // Mirroring turns the column c of the result into toWidth - 1 - c.
    const column = start % toWidth
    start += toWidth - 1 - 2 * column
    if (Math.abs(alongX) === 1) alongX = -alongX
    else alongY = -alongY
  }
  for (let top = 0; top < height; top += TILE) {
    const bottom = Math.min(top + TILE, height)
    for (let left = 0; left < width; left += TILE) {
      const right = Math.min(left + TILE, width)
      for (let y = top; y < bottom; y++) {
        let at = start + left * alongX + y * alongY
        for (let x = left; x < right; x++, at += alongX) to[at] = from[y * width + x] as number
      }
    }
  }
}
