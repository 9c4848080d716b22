/** Repeatable randomness: the same numbers on every machine, so that frames and their ground truth can be compared. */

/** A stream of numbers in 0..1 from a seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

function lattice(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed, 974711)
  h = Math.imul(h ^ (h >>> 13), 1274126177)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

/** Value noise in −1..1, one bump per unit of x and y. */
export function noise(x: number, y: number, seed: number): number {
  const xi = Math.floor(x)
  const yi = Math.floor(y)
  const fx = x - xi
  const fy = y - yi
  const sx = fx * fx * (3 - 2 * fx)
  const sy = fy * fy * (3 - 2 * fy)
  const top = lattice(xi, yi, seed) * (1 - sx) + lattice(xi + 1, yi, seed) * sx
  const bottom = lattice(xi, yi + 1, seed) * (1 - sx) + lattice(xi + 1, yi + 1, seed) * sx
  return (top * (1 - sy) + bottom * sy) * 2 - 1
}

/** Three octaves of noise, about −1..1. */
export const fractalNoise = (x: number, y: number, seed: number): number =>
  (noise(x, y, seed) + noise(x * 2.1, y * 2.1, seed + 1) * 0.5 + noise(x * 4.3, y * 4.3, seed + 2) * 0.25) /
  1.4

/** 0 below `from`, 1 above `to`, a smooth S between; also downwards when from > to. */
export function smoothstep(from: number, to: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)))
  return t * t * (3 - 2 * t)
}

export const mix = (a: number, b: number, t: number): number => a + (b - a) * t

/** A bump of height 1 around 0, one standard deviation wide; nothing beyond four. */
export const gauss = (x: number): number => (x > 4 || x < -4 ? 0 : Math.exp(-0.5 * x * x))
