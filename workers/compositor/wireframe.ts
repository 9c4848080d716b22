/** The lines of "show mesh": which they are and how they look. Both compositors draw them the same way. */

/** Every side of the triangles once: pairs of point numbers, smaller first. `triangles`: three point numbers each. */
export function meshEdges(triangles: ArrayLike<number>): Uint16Array<ArrayBuffer> {
  const seen = new Set<number>()
  const edges: number[] = []
  for (let t = 0; t + 2 < triangles.length; t += 3) {
    for (let side = 0; side < 3; side++) {
      const a = triangles[t + side] ?? 0
      const b = triangles[t + ((side + 1) % 3)] ?? 0
      const low = Math.min(a, b)
      const high = Math.max(a, b)
      const key = low * 0x10000 + high
      if (low === high || seen.has(key)) continue
      seen.add(key)
      edges.push(low, high)
    }
  }
  return new Uint16Array(edges)
}

/**
 * A line covers a pixel by clamp(radius + 0.5 − distance, 0, 1), where distance is from the pixel's centre to the
 * segment; that times `opacity` is how far the pixel's colour moves to `colour`. Edges are drawn in order.
 */
export const LINE = { colour: [0.55, 0.93, 1], opacity: 0.55 } as const

/** Half the width of a line, px: a line stays a hair at any frame height. */
export const lineRadiusPx = (frameHeight: number): number => Math.max(0.5, frameHeight / 1080)
