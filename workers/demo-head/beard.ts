import type { HeadCharacter } from './character'
import { type LightTable, lightIndex } from './lighting'
import { mix, noise, seededRandom, smoothstep } from './noise'
import type { Target } from './raster'
import { beardCover } from './skin-details'
import { drawStroke, type StrokeEnd } from './strokes'
import { project } from './surface'
import { CAMERA_CM, type Lens, type Placement } from './view'

/** Whiskers long enough to be seen one by one; they move with the jaw. Indices below are in range by construction. */
export interface Beard {
  draw(target: Target, positions: Float32Array, normals: Float32Array, head: Placement, lens: Lens): void
}

const POINTS = 4

/** `canonical`: control points of the average head, where the beard's outline is known; `count`: how many whiskers. */
export function createBeard(
  { skin, hair, seed }: HeadCharacter,
  canonical: Float32Array,
  triangles: Uint16Array,
  light: LightTable,
  count: number,
): Beard | undefined {
  if (skin.beard < 0.9) return undefined
  const random = seededRandom(seed + 600)
  const corner = (t: number, k: number, axis: number): number =>
    canonical[3 * (triangles[t + k] as number) + axis] as number
  const areas = new Float32Array(triangles.length / 3)
  let total = 0
  for (let t = 0; t < triangles.length; t += 3) {
    const [ux, uy, uz] = [0, 1, 2].map((i) => corner(t, 1, i) - corner(t, 0, i)) as [number, number, number]
    const [vx, vy, vz] = [0, 1, 2].map((i) => corner(t, 2, i) - corner(t, 0, i)) as [number, number, number]
    total += Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx)
    areas[t / 3] = total
  }
  const roots = new Uint16Array(3 * count)
  const weights = new Float32Array(2 * count)
  const ways = new Float32Array(3 * count) // from root to tip, head space, cm
  const tones = new Float32Array(count)
  let grown = 0
  for (let tries = 0; grown < count && tries < count * 60; tries++) {
    const pick = random() * total
    let low = 0
    for (let high = areas.length - 1; low < high; ) {
      const middle = (low + high) >> 1
      if ((areas[middle] as number) < pick) low = middle + 1
      else high = middle
    }
    const t = 3 * low
    let [wb, wc] = [random(), random()]
    if (wb + wc > 1) [wb, wc] = [1 - wb, 1 - wc]
    const [x, y, z] = [0, 1, 2].map(
      (i) => corner(t, 0, i) * (1 - wb - wc) + corner(t, 1, i) * wb + corner(t, 2, i) * wc,
    ) as [number, number, number]
    if (random() > beardCover(x, Math.abs(x), y, z)) continue
    for (let k = 0; k < 3; k++) roots[3 * grown + k] = triangles[t + k] as number
    weights.set([wb, wc], 2 * grown)
    const side = Math.sign(x) * smoothstep(0.1, 1, Math.abs(x))
    const moustache = smoothstep(-4.6, -3.6, y) * smoothstep(3.4, 2.4, Math.abs(x))
    const chin = smoothstep(-5, -8, y)
    const length =
      mix(0.55, 0.95, random()) *
      (1 + 0.55 * chin) *
      mix(0.75, 1, smoothstep(0, -3, y)) *
      mix(1, 0.62, moustache)
    const wander = 0.5 * noise(x * 1.3, y * 1.3, seed + 601) + 0.5 * (random() - 0.5)
    ways.set(
      [
        length * mix(side * 0.12 + 0.3 * wander, side * 0.62, moustache),
        length * -mix(0.82, 0.72, moustache),
        length * mix(0.32, 0.25, moustache) + 0.12 * random(),
      ],
      3 * grown,
    )
    tones[grown] = mix(0.68, 1.2, random() ** 0.8) * mix(1, 0.82, moustache * random())
    grown++
  }
  const ends = [blank(), blank()] as const
  const point = new Float32Array(3)
  const seen = new Float32Array(3)
  return {
    draw(target, positions, normals, { r }, lens) {
      const perCm = lens.focal / CAMERA_CM
      const width = 0.05 * perCm
      for (let i = 0; i < grown; i++) {
        const [a, b, c] = [
          3 * (roots[3 * i] as number),
          3 * (roots[3 * i + 1] as number),
          3 * (roots[3 * i + 2] as number),
        ]
        const [wb, wc] = [weights[2 * i] as number, weights[2 * i + 1] as number]
        const wa = 1 - wb - wc
        const nz = normals[a + 2] as number
        if (nz < -0.2) continue
        const [x, y, z] = [ways[3 * i] as number, ways[3 * i + 1] as number, ways[3 * i + 2] as number]
        const wx = r[0] * x + r[1] * y + r[2] * z
        const wy = r[3] * x + r[4] * y + r[5] * z
        const wz = r[6] * x + r[7] * y + r[8] * z
        const lit = lightIndex((normals[a] as number) * 0.9, -(normals[a + 1] as number) * 0.9 - 0.1)
        for (let k = 0; k < POINTS; k++) {
          const s = k / (POINTS - 1)
          const lift = 0.3 * s * (1 - 0.6 * s)
          for (let axis = 0; axis < 3; axis++) {
            const at =
              (positions[a + axis] as number) * wa +
              (positions[b + axis] as number) * wb +
              (positions[c + axis] as number) * wc
            point[axis] =
              at +
              lift * (normals[a + axis] as number) +
              s * (axis === 0 ? wx : axis === 1 ? wy : wz) +
              (axis === 2 ? 0.1 : 0)
          }
          project(point, 0, lens, seen, 0)
          const end = ends[k & 1] as StrokeEnd
          end.x = seen[0] as number
          end.y = seen[1] as number
          end.z = seen[2] as number
          const tone = (tones[i] as number) * mix(0.72, 1.12, s)
          end.r = Math.min(255, hair.colour[0] * tone * (light[lit] as number))
          end.g = Math.min(255, hair.colour[1] * tone * (light[lit + 1] as number))
          end.b = Math.min(255, hair.colour[2] * tone * (light[lit + 2] as number))
          end.width = Math.max(0.9, width)
          end.cover =
            0.6 * Math.min(1, 0.4 + 0.6 * width) * smoothstep(1.15, 0.7, s) * smoothstep(-0.3, 0.3, s)
          if (k > 0) drawStroke(target, ends[(k - 1) & 1] as StrokeEnd, end)
        }
      }
    },
  }
}

const blank = (): StrokeEnd => ({ x: 0, y: 0, z: 0, r: 0, g: 0, b: 0, cover: 0, width: 0 })
