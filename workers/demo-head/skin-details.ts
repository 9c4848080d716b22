import type { Rgb } from './character'
import { gauss, mix, noise, smoothstep } from './noise'

/** What is painted on plain skin. Places are in cm on the canonical head; `from` is the distance from its middle plane. */

/** One texel of skin, as it is being painted. Channels in 0..255. */
export interface Dab {
  r: number
  g: number
  b: number
  gloss: number
  /** Relief, in units of about 0.01 cm; only differences count. */
  height: number
}

export function blend(dab: Dab, [r, g, b]: Rgb, amount: number): void {
  dab.r = mix(dab.r, r, amount)
  dab.g = mix(dab.g, g, amount)
  dab.b = mix(dab.b, b, amount)
}

export function darken(dab: Dab, amount: number): void {
  // Shade in skin is warm: red is the last to go.
  dab.r *= 1 - 0.78 * amount
  dab.g *= 1 - amount
  dab.b *= 1 - amount
}

/** How near a point is to a line through points, cm. */
function toLine(x: number, y: number, line: readonly (readonly [number, number])[]): number {
  let nearest = Infinity
  for (let i = 1; i < line.length; i++) {
    const [ax, ay] = line[i - 1] as readonly [number, number]
    const [bx, by] = line[i] as readonly [number, number]
    const [dx, dy] = [bx - ax, by - ay]
    const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
    nearest = Math.min(nearest, Math.hypot(x - ax - t * dx, y - ay - t * dy))
  }
  return nearest
}

const ALAR: readonly (readonly [number, number])[] = [[1.5, 0.1], [1.86, -0.6], [1.9, -1.15], [1.55, -1.75]] // biome-ignore format: points
const NASOLABIAL: readonly (readonly [number, number])[] = [[1.9, -0.5], [2.5, -1.5], [3.05, -2.8], [3.3, -4.1]] // biome-ignore format: points

export function paintShade(
  dab: Dab,
  x: number,
  from: number,
  y: number,
  z: number,
  front: number,
  shade: Rgb,
  age: number,
): void {
  // Hollows that no lamp reaches: eye sockets, beside and under the nose, under the lower lip, under the jaw.
  const socket =
    0.3 * gauss((from - 1.75) / 0.55) * gauss((y - 3.1) / 0.8) +
    0.2 * gauss((from - 3.1) / 1.4) * gauss((y - 3.75) / 0.42) +
    0.12 * gauss((from - 3) / 1.6) * gauss((y - 2.6) / 1.2)
  const nose =
    0.22 * gauss(x / 1.5) * gauss((y + 2.1) / 0.3) +
    0.36 * gauss(toLine(from, y, ALAR) / 0.13) * smoothstep(2.6, 4, z) +
    0.1 * gauss((from - 1.35) / 0.5) * gauss((y - 0.8) / 1.5)
  const mouth =
    0.2 * gauss(x / 1.5) * gauss((y + 5.95) / 0.32) +
    0.26 * gauss((from - 2.62) / 0.24) * gauss((y + 4.32) / 0.24) +
    0.07 * gauss(x / 0.2) * gauss((y + 2.75) / 0.4)
  const fold =
    (0.06 + 0.2 * age) * gauss(toLine(from, y, NASOLABIAL) / (0.3 - 0.1 * age)) * smoothstep(-4.4, -3.4, y)
  const jaw = 0.4 * smoothstep(-8.8, -11.6, y - 0.55 * (z - 4)) * smoothstep(5, 3.2, z)
  const side = 0.12 * (1 - front)
  const amount = Math.min(0.85, (socket + nose + mouth + fold) * front + jaw + side)
  blend(dab, shade, amount)
  dab.gloss *= 1 - 0.7 * amount
  dab.height -= 3.2 * fold * front * age
  // Nostrils.
  const nostril = gauss((from - 0.82) / 0.36) * gauss((y + 1.66 - 0.22 * (from - 0.8)) / 0.17)
  const hole = smoothstep(0.3, 0.75, nostril) * smoothstep(4.9, 5.4, z) * smoothstep(6.75, 6.2, z)
  blend(dab, [shade[0] * 0.42, shade[1] * 0.3, shade[2] * 0.3], 0.9 * hole)
  dab.gloss *= 1 - hole
}

export function paintAge(dab: Dab, x: number, from: number, y: number, age: number, seed: number): void {
  if (age === 0) return
  let line = 0
  for (const [k, height] of [5.95, 6.65, 7.35].entries()) {
    const wave = 0.14 * noise(x * 0.7, k * 7, seed + 30) + 0.02 * x * x * (k === 1 ? 0.4 : -0.3)
    line +=
      gauss((y - height - wave) / 0.07) *
      smoothstep(3.9, 2.4, from) *
      (0.5 + 0.5 * noise(x * 0.9, k, seed + 31))
  }
  line += 0.9 * gauss((from - 0.42) / 0.07) * smoothstep(3.3, 3.9, y) * smoothstep(5.3, 4.6, y)
  const crow = Math.atan2(y - 2.5, from - 4.3)
  const reach = Math.hypot(y - 2.5, from - 4.3)
  const rays = gauss((crow - 0.42) / 0.05) + gauss((crow - 0.05) / 0.05) + gauss((crow + 0.34) / 0.05)
  line += rays * smoothstep(0.4, 0.7, reach) * smoothstep(1.9, 1, reach)
  line +=
    0.8 *
    gauss((y - 1.2 - 0.16 * (from - 3) ** 2) / 0.06) *
    smoothstep(1.5, 2.2, from) *
    smoothstep(4.6, 3.8, from)
  const amount = Math.max(0, Math.min(1, line)) * age
  darken(dab, 0.16 * amount)
  dab.height -= 2.4 * amount
}

/** Spots strewn over a grid of cells, fewer away from nose and cheeks. */
export function paintFreckles(
  dab: Dab,
  x: number,
  from: number,
  y: number,
  z: number,
  amount: number,
  seed: number,
): void {
  const dense = amount * (gauss((from - 2.6) / 2.4) * gauss((y + 0.1) / 1.7) + 0.16 * smoothstep(2, 4, z))
  for (const [cell, salt] of [
    [0.34, 50],
    [0.21, 60],
  ] as const) {
    // Askew and uneven, lest rows show.
    const u = 0.83 * x + 0.56 * y + 0.3 * cell * noise(x * 1.7, y * 1.7, seed + salt)
    const v = 0.83 * y - 0.56 * x + 0.3 * cell * noise(x * 1.9, y * 1.6, seed + salt + 1)
    const cx = Math.floor(u / cell)
    const cy = Math.floor(v / cell)
    const random = (k: number): number => noise(cx * 5 + k, cy * 5, seed + salt) * 0.5 + 0.5
    if (random(1) > dense * 0.75) continue
    const px = (cx + 0.2 + 0.6 * random(2)) * cell
    const py = (cy + 0.2 + 0.6 * random(3)) * cell
    const radius = cell * (0.13 + 0.13 * random(4))
    blend(dab, [164, 98, 62], 0.42 * smoothstep(radius, radius * 0.4, Math.hypot(u - px, v - py)))
  }
}

/** Shaved, stubbled or covered: whiskers by their shadow; a full beard gets strands on top. */
export function paintBeard(
  dab: Dab,
  x: number,
  from: number,
  y: number,
  z: number,
  lip: number,
  beard: number,
  whiskers: Rgb,
  seed: number,
): void {
  const where = beardCover(x, from, y, z)
  const grain = 0.5 + 0.5 * noise(x * 17, y * 13 + z * 8, seed + 40)
  const cover = where * smoothstep(0.35, 0, lip)
  const even = Math.min(0.5, beard * 0.26) + (beard > 0.8 ? 0.3 : 0)
  blend(dab, whiskers, cover * (even + Math.min(1, beard) * 0.42 * grain * grain))
  dab.gloss *= 1 - 0.6 * cover * beard
  dab.height += cover * beard * 1.6 * grain
}

/** How much of a beard grows at a point of the canonical head, 0..1. */
export function beardCover(x: number, from: number, y: number, z: number): number {
  const cheek = -0.9 - 0.52 * (6.6 - from) // the beard's upper edge
  const side = smoothstep(cheek + 0.5, cheek - 0.7, y) * smoothstep(2.1, 3.1, from)
  const moustache =
    smoothstep(-2.1, -2.5, y) *
    smoothstep(-4.2, -3.4, y) *
    smoothstep(3.6, 2.7, from) *
    (1 - 0.5 * gauss(x / 0.22))
  const chin =
    smoothstep(-4.4, -5.6, y) *
    (1 - 0.6 * gauss((from - 1.6) / 0.5) * gauss((y + 5.6) / 0.35)) *
    smoothstep(3.6, 2.4, from)
  const sideburn = smoothstep(5.6, 6.6, from) * smoothstep(1.5, -0.6, y)
  const throat = smoothstep(-1.5, 1.2, z) + 0.4 * smoothstep(-4, -1.5, z)
  return Math.min(1, Math.max(side, moustache, chin, sideburn)) * Math.min(1, throat)
}

export function paintLips(
  dab: Dab,
  x: number,
  y: number,
  lip: number,
  lips: Rgb,
  dark: Rgb,
  seed: number,
): void {
  if (lip <= 0) return
  const ragged = 0.05 * noise(x * 6, y * 3, seed + 20)
  const inside = smoothstep(0.0, 0.2, lip + ragged)
  const crease = noise(x * 8 + 0.6 * noise(y * 3, x, seed), y * 1.1, seed + 21)
  blend(dab, lips, 0.88 * inside)
  darken(dab, 0.1 * inside * Math.max(0, crease))
  const lower = y < -4.27 ? 1 : 0
  // The upper lip faces the floor; both turn dark where they meet.
  blend(dab, dark, inside * (0.3 * (1 - lower) + 0.7 * smoothstep(0.84, 1, lip)))
  dab.gloss = mix(dab.gloss, 70 + 90 * lower * gauss((y + 5) / 0.3), inside)
  dab.height += inside * 1.2 * crease
}
