import type { HeadCharacter } from './character'
import type { Groom } from './groom'
import { gauss, mix, noise, seededRandom, smoothstep } from './noise'

/** Hairs at rest, each a row of points. Indices below are in range by construction. */
export interface Strands {
  readonly count: number
  /** count × POINTS × 3: cm; and the direction the hair's surface faces there, unit vectors. */
  readonly points: Float32Array
  readonly facing: Float32Array
  /** count × POINTS: how much they hang (as in Groom), how much light reaches them, how much they cover. */
  readonly hang: Float32Array
  readonly open: Float32Array
  readonly cover: Float32Array
  /** Per strand: its own lightness around 1, its width in cm. */
  readonly tone: Float32Array
  readonly width: Float32Array
}

export const POINTS = 8

/** A place in a groom: column and row as shares of the sheet (0..1), height as a share of its thickness. */
interface Place {
  c: number
  r: number
  h: number
}

/** Where a strand is after a share s (0 root .. 1 tip) of its length. */
type Path = (s: number, at: Place) => void

export function growStrands(
  groom: Groom,
  character: HeadCharacter,
  sheet: 'cap' | 'long' | 'knot',
  count: number,
  salt: number,
): Strands {
  const random = seededRandom(character.seed * 31 + salt)
  const total = count * POINTS
  const strands: Strands = {
    count,
    points: new Float32Array(3 * total),
    facing: new Float32Array(3 * total),
    hang: new Float32Array(total),
    open: new Float32Array(total),
    cover: new Float32Array(total),
    tone: new Float32Array(count),
    width: new Float32Array(count),
  }
  const at: Place = { c: 0, r: 0, h: 0 }
  for (let i = 0; i < count; i++) {
    const path =
      sheet === 'cap' ? capPath(character, random) : sheet === 'long' ? longPath(random) : knotPath(random)
    const fine = random()
    strands.tone[i] = mix(0.72, 1.3, random() * 0.5 + random() * 0.5)
    strands.width[i] = mix(0.035, 0.075, fine)
    for (let k = 0; k < POINTS; k++) {
      const s = k / (POINTS - 1)
      path(s, at)
      const p = i * POINTS + k
      sample(groom, at, strands, p)
      strands.open[p] = mix(0.5, 1, smoothstep(0, 0.9, at.h))
      strands.cover[p] = 0.62 * smoothstep(1.02, 0.7, s) * smoothstep(-0.08, 0.12, s)
    }
  }
  return strands
}

function sample(groom: Groom, { c, r, h }: Place, strands: Strands, p: number): void {
  const { columns, rows, base, out, thickness, hang } = groom
  const cc = Math.max(0, Math.min(columns - 1.001, c * (columns - 1)))
  const rr = Math.max(0, Math.min(rows - 1.001, r * (rows - 1)))
  const [ci, ri] = [Math.floor(cc), Math.floor(rr)]
  const [fc, fr] = [cc - ci, rr - ri]
  const read = (values: Float32Array, size: number, axis: number): number => {
    const one = (ci * rows + ri) * size + axis
    const next = one + rows * size
    return mix(
      mix(values[one] as number, values[one + size] as number, fr),
      mix(values[next] as number, values[next + size] as number, fr),
      fc,
    )
  }
  const high = read(thickness, 1, 0) * h + 0.05
  // Below the first row hair goes on over the skin.
  const over = Math.min(0, r) * (rows - 1)
  for (let axis = 0; axis < 3; axis++) {
    const along = (base[(ci * rows + 1) * 3 + axis] as number) - (base[ci * rows * 3 + axis] as number)
    strands.points[3 * p + axis] = read(base, 3, axis) + read(out, 3, axis) * high + along * over
    strands.facing[3 * p + axis] = read(out, 3, axis)
  }
  strands.hang[p] = mix(hang[ri] as number, hang[Math.min(rows - 1, ri + 1)] as number, fr)
}

function capPath({ hair, seed }: HeadCharacter, random: () => number): Path {
  // Thickest in front, where it is looked at.
  const angle = (random() * 2 - 1) * Math.PI * (random() < 0.45 ? 0.33 : 0.85)
  const root = hair.style === 'topknot' ? 0.24 * random() ** 2 : random() ** 1.35 * 0.85
  // Locks: hairs of one neighbourhood share their whims and end nearly together.
  const [cellC, cellR] = [Math.round(angle * 6), Math.round(root * 9)]
  const whim = (k: number): number => noise(cellC * 3.7 + k * 11, cellR * 5.3, seed + 300)
  const own = (): number => random() * 2 - 1
  const front = gauss(angle / 0.9)
  const lift = 0.9 + 0.22 * whim(1) + 0.12 * own()
  const baby = random() < 0.12
  if (hair.style === 'topknot') {
    const wander = 0.01 * own()
    const end = baby ? 0.06 + 0.06 * random() : 0.96
    const high = baby ? 1.4 : 0.85 + 0.3 * random()
    return (s, at) => {
      at.c = 0.5 + angle / (2 * Math.PI) + wander * s * (baby ? 1.5 : 1)
      at.r = mix(root - 0.02, end, s)
      at.h = mix(0.2, high, smoothstep(0, 0.15, s))
    }
  }
  const swept = hair.style === 'swept'
  const top = smoothstep(0.08, 0.3, root) * smoothstep(1.9, 1.3, Math.abs(angle)) + front
  const isTop = Math.min(1, top) > 0.45
  const sideways = swept ? 0.02 * Math.tanh(6 * angle + 0.8) : 0.055
  const length = isTop ? mix(0.2, 0.36, random()) * (swept ? 1.25 : 1) : -0.13 - 0.05 * random()
  const turn = isTop ? sideways + 0.03 * whim(2) + 0.012 * own() : 0.03 * Math.sign(angle) * (1 + 0.4 * own())
  const [tipC, tipR] = [(cellC / 6 - angle) / (2 * Math.PI), cellR / 9 - root]
  const gather = swept ? 0.25 : 0.45
  const start = baby ? -0.035 * random() : root
  return (s, at) => {
    const bend = s * s
    at.c = 0.5 + angle / (2 * Math.PI) + turn * mix(s, bend, 0.5) + gather * tipC * bend
    at.r = start + length * s * (isTop ? 1 : 1 - 0.2 * s) + gather * 0.5 * tipR * bend
    at.h = isTop
      ? mix(0.05, lift * (baby ? 0.6 : 1.06), Math.sin(Math.min(1, s * 1.9) * Math.PI * 0.5)) -
        0.12 * smoothstep(0.7, 1, s)
      : mix(0.4, lift, smoothstep(0, 0.4, s)) - 0.5 * smoothstep(0.5, 1, s)
  }
}

function longPath(random: () => number): Path {
  const c = random() ** 1.5
  const [from, to] =
    random() < 0.55 ? [0, mix(0.55, 1, random())] : [mix(0.05, 0.5, random()), mix(0.7, 1, random())]
  const drift = 0.05 * (random() * 2 - 1)
  const high = mix(0.2, 1.5, random())
  const fly = random() < 0.08 ? 1.5 * random() : 0
  const phase = random() * 6.3
  return (s, at) => {
    at.c = Math.abs(c + drift * s + 0.006 * Math.sin(s * 9 + phase)) - 0.015
    at.r = mix(from, to, s)
    at.h = high * smoothstep(0, 0.1, at.r) + fly * smoothstep(0.3, 1, s)
  }
}

function knotPath(random: () => number): Path {
  const c = random()
  const r = mix(0.05, 0.8, random())
  const climb = mix(-0.12, 0.3, random())
  const far = mix(0.15, 0.35, random())
  const high = mix(0.2, 1, random()) + (random() < 0.1 ? 0.8 : 0)
  return (s, at) => {
    at.c = (c + far * s) % 1
    at.r = Math.min(0.97, Math.max(0.02, r + climb * s + 0.05 * Math.sin(s * 4)))
    at.h = high
  }
}
