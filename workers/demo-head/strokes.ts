import type { Target } from './raster'

/**
 * Thin smooth lines: hairs, lashes. Indices below are in range by construction.
 */

/** One end of a stroke: px, nearness, colour 0..255, how much it covers 0..1, width in px. */
export interface StrokeEnd {
  x: number
  y: number
  z: number
  r: number
  g: number
  b: number
  cover: number
  width: number
}

/** Blends a straight line into the picture wherever nothing is nearer. Depth stays as it was. */
export function drawStroke({ width, height, colour, depth }: Target, a: StrokeEnd, b: StrokeEnd): void {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const steep = Math.abs(dy) > Math.abs(dx)
  const run = steep ? dy : dx
  if (run === 0) return
  const [from, to] = run > 0 ? [a, b] : [b, a]
  const start = steep ? from.y : from.x
  const end = steep ? to.y : to.x
  const minor = steep ? from.x : from.y
  const slope = (steep ? dx : dy) / run
  const limit = steep ? width : height
  const stride = steep ? 1 : width
  const along = steep ? width : 1
  const last = Math.min((steep ? height : width) - 1, Math.floor(end - 0.5))
  // A slanted line is thicker measured along one axis than across itself.
  const slant = Math.sqrt(1 + slope * slope) / 2
  const inverse = 1 / (end - start)
  for (let p = Math.max(0, Math.ceil(start - 0.5)); p <= last; p++) {
    const t = (p + 0.5 - start) * inverse
    const centre = minor + (p + 0.5 - start) * slope
    const half = (from.width + (to.width - from.width) * t) * slant
    const low = centre - half
    const high = centre + half
    const z = from.z + (to.z - from.z) * t
    const cover = from.cover + (to.cover - from.cover) * t
    const r = from.r + (to.r - from.r) * t
    const g = from.g + (to.g - from.g) * t
    const bl = from.b + (to.b - from.b) * t
    for (let q = Math.max(0, Math.floor(low)); q < high && q < limit; q++) {
      const at = p * along + q * stride
      if (z < (depth[at] as number)) continue
      const inside = Math.min(q + 1, high) - Math.max(q, low)
      const k = cover * inside
      const behind = colour[at] as number
      const rest = 1 - k
      colour[at] =
        0xff000000 |
        ((bl * k + ((behind >>> 16) & 255) * rest) << 16) |
        ((g * k + ((behind >>> 8) & 255) * rest) << 8) |
        (r * k + (behind & 255) * rest)
    }
  }
}

/** Softens the stairs where something near ends in front of something further than `gap` cm behind it. */
export function smoothEdges({ width, height, colour, depth }: Target, gap: number): void {
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      const z = depth[at] as number
      const right = depth[at + 1] as number
      const below = depth[at + width] as number
      const beside = z - right > gap || right - z > gap
      const under = z - below > gap || below - z > gap
      if (!beside && !under) continue
      const here = colour[at] as number
      if (beside) {
        const other = colour[at + 1] as number
        colour[at] = lean(here, other)
        colour[at + 1] = lean(other, here)
      }
      if (under) {
        const mine = colour[at] as number
        const other = colour[at + width] as number
        colour[at] = lean(mine, other)
        colour[at + width] = lean(other, mine)
      }
    }
  }
}

/** Five parts of one colour, three of another. */
function lean(most: number, other: number): number {
  const even = (((most & 0xff00ff) * 5 + (other & 0xff00ff) * 3) >>> 3) & 0xff00ff
  const odd = ((((most >>> 8) & 0xff00ff) * 5 + ((other >>> 8) & 0xff00ff) * 3) >>> 3) & 0xff00ff
  return (even | (odd << 8)) >>> 0
}
