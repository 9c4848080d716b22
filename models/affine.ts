/** 2-D affine maps. Points are (x right, y down); a map says from and to in its name: `frameToCrop`. */

/** [a, b, c, d, e, f]: x' = a·x + c·y + e, y' = b·x + d·y + f (the order of a canvas transform). */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

export const IDENTITY: Affine = [1, 0, 0, 1, 0, 0]

export const applyX = (m: Affine, x: number, y: number): number => m[0] * x + m[2] * y + m[4]
export const applyY = (m: Affine, x: number, y: number): number => m[1] * x + m[3] * y + m[5]

/** The map that does `first`, then `second`. */
export function compose(first: Affine, second: Affine): Affine {
  const [a, b, c, d, e, f] = first
  const [A, B, C, D, E, F] = second
  return [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, A * e + C * f + E, B * e + D * f + F]
}

/** Throws RangeError when the map flattens the plane. */
export function invert(m: Affine): Affine {
  const [a, b, c, d, e, f] = m
  const det = a * d - b * c
  if (Math.abs(det) < 1e-12) throw new RangeError('This map cannot be inverted: it flattens the plane.')
  return [d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det]
}

/** How much longer a length gets, on average over directions: √|det|. */
export const scaleOf = (m: Affine): number => Math.sqrt(Math.abs(m[0] * m[3] - m[1] * m[2]))

/**
 * Least-squares similarity (rotation, uniform scale, translation) that takes `from` to `to`, both x,y pairs.
 * Umeyama's closed form in 2-D: a = Σ(p·q)/Σ|p|², b = Σ(p×q)/Σ|p|² over centred points.
 */
export function fitSimilarity(from: ArrayLike<number>, to: ArrayLike<number>): Affine {
  const count = from.length / 2
  let px = 0
  let py = 0
  let qx = 0
  let qy = 0
  for (let i = 0; i < count; i++) {
    px += (from[2 * i] ?? 0) / count
    py += (from[2 * i + 1] ?? 0) / count
    qx += (to[2 * i] ?? 0) / count
    qy += (to[2 * i + 1] ?? 0) / count
  }
  let dot = 0
  let cross = 0
  let norm = 0
  for (let i = 0; i < count; i++) {
    const x = (from[2 * i] ?? 0) - px
    const y = (from[2 * i + 1] ?? 0) - py
    const u = (to[2 * i] ?? 0) - qx
    const v = (to[2 * i + 1] ?? 0) - qy
    dot += x * u + y * v
    cross += x * v - y * u
    norm += x * x + y * y
  }
  if (norm === 0) throw new RangeError('A similarity needs at least two different points.')
  const a = dot / norm
  const b = cross / norm
  return [a, b, -b, a, qx - a * px + b * py, qy - b * px - a * py]
}
