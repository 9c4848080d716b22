import type { HeadCharacter } from './character'
import { hairlineHeight } from './hairline'
import { CONTROLS, SKULL } from './head-mesh'
import { gauss, mix, noise, smoothstep } from './noise'
import { spline } from './spline'

/**
 * A sheet of hair at rest, as a grid: columns side by side, rows along the hair. Hair fills the space between `base`
 * and `base + out · thickness`. Indices below are in range by construction.
 */
export interface Groom {
  readonly columns: number
  readonly rows: number
  readonly base: Float32Array // columns × rows × 3, cm; column after column
  readonly out: Float32Array // the same, unit vectors
  readonly thickness: Float32Array // columns × rows, cm
  /** Per row: how much it rests on the shoulders instead of turning with the head, 0..1. */
  readonly hang: Float32Array
}

type Vector = [x: number, y: number, z: number]

/** Distance from the skull's middle to the head's outside in a direction (unit length). */
export type HeadRadius = (x: number, y: number, z: number) => number

/** Casts rays from inside at a head at rest (control points). */
export function headRadius(rest: Float32Array, triangles: Uint16Array): HeadRadius {
  const p = new Float32Array(3 * CONTROLS)
  for (let i = 0; i < p.length; i += 3) {
    p[i] = (rest[i] as number) - SKULL.x
    p[i + 1] = (rest[i + 1] as number) - SKULL.y
    p[i + 2] = (rest[i + 2] as number) - SKULL.z
  }
  return (x, y, z) => {
    let furthest = 0
    for (let t = 0; t < triangles.length; t += 3) {
      const [a, b, c] = [
        3 * (triangles[t] as number),
        3 * (triangles[t + 1] as number),
        3 * (triangles[t + 2] as number),
      ]
      const [ax, ay, az] = [p[a] as number, p[a + 1] as number, p[a + 2] as number]
      if (ax * x + ay * y + az * z < 0) continue
      const [ux, uy, uz] = [(p[b] as number) - ax, (p[b + 1] as number) - ay, (p[b + 2] as number) - az]
      const [vx, vy, vz] = [(p[c] as number) - ax, (p[c + 1] as number) - ay, (p[c + 2] as number) - az]
      const [hx, hy, hz] = [y * vz - z * vy, z * vx - x * vz, x * vy - y * vx]
      const det = ux * hx + uy * hy + uz * hz
      if (Math.abs(det) < 1e-9) continue
      const s = -(ax * hx + ay * hy + az * hz) / det
      if (s < -1e-4 || s > 1.0001) continue
      const [qx, qy, qz] = [-ay * uz + az * uy, -az * ux + ax * uz, -ax * uy + ay * ux]
      const w = (x * qx + y * qy + z * qz) / det
      if (w < -1e-4 || s + w > 1.0001) continue
      furthest = Math.max(furthest, (vx * qx + vy * qy + vz * qz) / det)
    }
    return furthest || SKULL.rx
  }
}

const unit = ([x, y, z]: Vector): Vector => {
  const length = Math.hypot(x, y, z) || 1
  return [x / length, y / length, z / length]
}

/** Columns from the hairline up to the crown, all around the head (the last column is the first again). */
export function capGroom(character: HeadCharacter, radius: HeadRadius): Groom {
  const columns = 61
  const rows = 15
  const { style } = character.hair
  const crown = unit(style === 'topknot' ? [0, 0.96, -0.28] : [0, 0.9, -0.44])
  const groom = emptyGroom(columns, rows)
  for (let c = 0; c < columns; c++) {
    const angle = ((c / (columns - 1)) * 2 - 1) * Math.PI
    const line = hairlineHeight(angle) - recession(style, angle)
    const start = onHairline(angle, line, radius)
    const cosine = Math.min(1, start[0] * crown[0] + start[1] * crown[1] + start[2] * crown[2])
    const total = Math.acos(cosine)
    for (let r = 0; r < rows; r++) {
      const t = r / (rows - 1)
      const [ka, kb] = [Math.sin((1 - t) * total) / Math.sin(total), Math.sin(t * total) / Math.sin(total)]
      const n = unit([0, 1, 2].map((i) => ka * (start[i] as number) + kb * (crown[i] as number)) as Vector)
      const reach = radius(...n)
      place(
        groom,
        c,
        r,
        [SKULL.x + n[0] * reach, SKULL.y + n[1] * reach, SKULL.z + n[2] * reach],
        n,
        capThickness(character, angle, t),
      )
    }
  }
  return groom
}

/** How far below the usual line hair starts; negative at temples where it has gone. */
function recession(style: HeadCharacter['hair']['style'], angle: number): number {
  return style === 'swept' ? -0.75 * gauss((Math.abs(angle) - 0.62) / 0.2) - 0.15 : 0
}

function capThickness({ hair, seed }: HeadCharacter, angle: number, t: number): number {
  const front = gauss(angle / 0.85)
  const tousle = noise(angle * 3.2, t * 5, seed + 200)
  switch (hair.style) {
    case 'topknot':
      return 0.38 * smoothstep(-0.04, 0.12, t)
    case 'swept': {
      const side = mix(0.55, 1.1, front)
      return (
        (mix(side, 1.35, smoothstep(0.1, 0.6, t)) + 0.5 * front * gauss((t - 0.25) / 0.2) + 0.1 * tousle) *
        smoothstep(-0.05, 0.2, t)
      )
    }
    default: {
      const body = mix(mix(0.55, 0.95, front), 1.75, smoothstep(0.12, 0.62, t))
      const quiff = 1.05 * front * gauss((t - 0.24) / 0.17)
      return (body + quiff + 0.22 * tousle) * smoothstep(-0.06, mix(0.34, 0.16, front), t)
    }
  }
}

/** The direction from the skull's middle to the hairline at an angle: the surface point at that height. */
function onHairline(angle: number, height: number, radius: HeadRadius): Vector {
  let [low, high] = [-1.45, 1.45]
  const direction = (rise: number): Vector => [
    Math.sin(angle) * Math.cos(rise),
    Math.sin(rise),
    Math.cos(angle) * Math.cos(rise),
  ]
  for (let i = 0; i < 11; i++) {
    const middle = (low + high) / 2
    const n = direction(middle)
    if (SKULL.y + n[1] * radius(...n) < height) low = middle
    else high = middle
  }
  return direction((low + high) / 2)
}

/** Where long hair on one side runs, root to tip, for its front edge, its middle and the back; x is away from the part. */
const LONG: readonly (readonly Vector[])[] = [
  [[-0.2, 8.9, 4.4], [3.1, 8.45, 4.25], [5.7, 6.6, 3.2], [6.75, 3.4, 1.9], [7.0, -0.6, 1.2], [6.35, -4.8, 0.9], [5.9, -8.8, 1.7], [5.8, -12.8, 3.7], [5.5, -16.6, 5.3]],
  [[0, 12.3, -2.4], [4.6, 11.0, -2.2], [8.0, 7.6, -2.3], [9.3, 3.4, -2.6], [9.7, -0.8, -2.7], [9.9, -5.0, -2.4], [10.0, -9.0, -1.5], [10.2, -12.8, 0.8], [10.3, -16.8, 2.8]],
  [[0, 10.2, -11.2], [3.0, 8.2, -12.7], [5.2, 4.6, -13.2], [6.2, 0.8, -13.0], [6.6, -3.0, -12.6], [6.9, -6.6, -12.2], [7.0, -10.0, -12.4], [6.9, -13.6, -12.8], [6.6, -17, -13]],
] // biome-ignore format: three curves

/** One side (−1 the picture's left, 1 its right) of long hair with a parting. */
export function longGroom(character: HeadCharacter, radius: HeadRadius, side: -1 | 1): Groom {
  const columns = 25
  const rows = 27
  const parting = 1.7
  const groom = emptyGroom(columns, rows)
  for (let c = 0; c < columns; c++) {
    const u = c / (columns - 1)
    for (let r = 0; r < rows; r++) {
      const t = r / (rows - 1)
      const curve = LONG.map((points) => spline(points, t * (points.length - 1))) as [Vector, Vector, Vector]
      // A parabola through the three curves.
      const [ka, kb, kc] = [2 * (u - 0.5) * (u - 1), 4 * u * (1 - u), 2 * u * (u - 0.5)]
      const [x, y, z] = [0, 1, 2].map(
        (i) => ka * (curve[0][i] as number) + kb * (curve[1][i] as number) + kc * (curve[2][i] as number),
      ) as Vector
      const free = smoothstep(0.4, 0.75, t)
      const wave = Math.sin(t * 15 + 5 * u + (side > 0 ? 1.2 : 0) + 1.5 * noise(u * 3, t * 2, character.seed))
      const over = smoothstep(0.5, 0, t)
      const px = side * (x + 0.62 * wave * free) + parting * over * (1 - 0.5 * u)
      const point: Vector = [px, y, z + 0.3 * wave * free * (1 - u)]
      const from = [point[0] - SKULL.x, point[1] - SKULL.y, point[2] - SKULL.z] as Vector
      const away = Math.hypot(...from)
      const n = unit(from)
      if (y > -9) {
        const least =
          radius(...n) +
          mix(0.25, 0.75, smoothstep(0, 0.12, t)) +
          0.5 * smoothstep(0.05, 0.2, t) * smoothstep(0.45, 0.3, t)
        if (away < least)
          for (let i = 0; i < 3; i++) point[i] = (point[i] as number) + (n[i] as number) * (least - away)
      }
      const outwards = unit([side * mix(0.55, 0.9, u) * 1.1, 0.12, mix(1, -1, u)])
      const out = unit([0, 1, 2].map((i) => mix(n[i] as number, outwards[i] as number, free)) as Vector)
      place(groom, c, r, point, out, mix(0.3, 0.55, Math.sin(Math.PI * Math.min(1, t * 1.2))))
    }
  }
  for (let r = 0; r < rows; r++) groom.hang[r] = 0.75 * smoothstep(0.55, 1, r / (rows - 1))
  return groom
}

/** The knot on top of a head, or a ball of hair anywhere. Columns around, rows from below to the top. */
export function knotGroom(radius: HeadRadius): Groom {
  const columns = 25
  const rows = 11
  const n = unit([0, 0.955, -0.3])
  const reach = radius(...n) + 1.7
  const groom = emptyGroom(columns, rows)
  for (let c = 0; c < columns; c++) {
    const angle = (c / (columns - 1)) * 2 * Math.PI
    for (let r = 0; r < rows; r++) {
      const rise = ((r / (rows - 1)) * 0.96 - 0.46) * Math.PI
      const out: Vector = [Math.sin(angle) * Math.cos(rise), Math.sin(rise), Math.cos(angle) * Math.cos(rise)]
      const lump = 1 + 0.05 * Math.sin(angle * 3 + rise * 4)
      place(
        groom,
        c,
        r,
        [
          n[0] * reach + out[0] * 2.75 * lump,
          SKULL.y + n[1] * reach + out[1] * 2.05 * lump,
          SKULL.z + n[2] * reach + out[2] * 2.6 * lump,
        ],
        out,
        0.3,
      )
    }
  }
  return groom
}

const emptyGroom = (columns: number, rows: number): Groom => ({
  columns,
  rows,
  base: new Float32Array(3 * columns * rows),
  out: new Float32Array(3 * columns * rows),
  thickness: new Float32Array(columns * rows),
  hang: new Float32Array(rows),
})

function place(groom: Groom, c: number, r: number, point: Vector, out: Vector, thickness: number): void {
  const at = c * groom.rows + r
  groom.base.set(point, 3 * at)
  groom.out.set(out, 3 * at)
  groom.thickness[at] = thickness
}
