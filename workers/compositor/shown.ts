/** Where things are on the picture as shown (after mirroring), the same for both compositors. */
import type { Bounds } from './cpu/rasterise'
import type { Corner } from './layer'

/** How many columns at the left show the plate. */
export function splitPx(split: number | undefined, width: number): number {
  return split === undefined ? 0 : Math.round(Math.min(1, Math.max(0, split)) * width)
}

/** Where the badge's pixels go, one to one. What does not fit the picture is cut off. */
export function badgeBounds(
  badge: { readonly width: number; readonly height: number },
  corner: Corner,
  width: number,
  height: number,
): Bounds {
  const margin = Math.round(height * 0.025)
  const x = corner.endsWith('left') ? margin : width - margin - badge.width
  const y = corner.startsWith('top') ? margin : height - margin - badge.height
  return { x: Math.max(0, x), y: Math.max(0, y), width: badge.width, height: badge.height }
}
