/**
 * What is fixed about the 468-point mesh and follows from the average head: which points are neighbours, which belong
 * to an eye, a brow or the mouth, and how far each is from those and from the outline. Worked out once.
 *
 * Coordinates here are canonical: cm on the average head, x to the image's right, y down, z away from the camera, so
 * that they turn into landmarks by rotation and scale alone. Indices are in range by construction, hence the casts.
 */
import type { CanonicalFace } from '../../models/canonical-face'
import {
  FACE_OVAL,
  INNER_LIPS,
  LEFT_BROW,
  LEFT_EYE,
  neighbours as neighboursOf,
  OUTER_LIPS,
  RIGHT_BROW,
  RIGHT_EYE,
  type Ring,
  splitTriangles,
} from '../../models/face-regions'
import { LANDMARKS } from '../../models/facemesh'

export const POINTS = LANDMARKS

/** A point between two lids or two lips: the mesh has none inside its openings. */
export interface Middle {
  readonly upper: number
  readonly lower: number
  readonly eye: boolean
}

export interface Topology {
  /** 468 × (x, y, z) cm. */
  readonly head: Float32Array
  /** Points that hardly move with expression and how much each counts when heads are aligned. */
  readonly anchors: Uint16Array
  readonly anchorWeights: Float32Array
  /** Three points each, clockwise in the picture when seen from the front; the openings' own points are 468 and up. */
  readonly triangles: Uint16Array
  readonly middles: readonly Middle[]
  /** Neighbours of point i: `neighbours[starts[i]]` up to `neighbours[starts[i + 1] - 1]`. */
  readonly starts: Uint16Array
  readonly neighbours: Uint16Array
  /** cm from each point to the outline; 0 on it. */
  readonly toOutline: Float32Array
  /** cm to the nearer eye's lid edge, to the lips' outline and to the inner lips; 0 on and within them. */
  readonly toEyes: Float32Array
  readonly toLips: Float32Array
  readonly toMouth: Float32Array
  /** cm to the nearer brow's outline; 0 within it. */
  readonly toBrows: Float32Array
  /** 1 where a point shows plain skin: no eye, brow, lip or nostril. */
  readonly skin: Float32Array
  readonly eyes: readonly [Group, Group]
  readonly brows: readonly [Group, Group]
}

/** Points that move together, and the two that say where the group is and how wide. */
export interface Group {
  readonly points: readonly number[]
  /** Those among them that expression moves least. */
  readonly still: readonly number[]
  readonly from: number
  readonly to: number
}

const NOSTRILS = [
  2, 97, 326, 98, 327, 60, 290, 99, 328, 240, 460, 75, 305, 59, 289, 166, 392, 79, 309, 20, 250,
]

export function createTopology(canonical: CanonicalFace): Topology {
  const head = new Float32Array(3 * POINTS)
  for (let i = 0; i < POINTS; i++) {
    head[3 * i] = canonical.positions[3 * i] as number
    head[3 * i + 1] = -(canonical.positions[3 * i + 1] as number)
    head[3 * i + 2] = -(canonical.positions[3 * i + 2] as number)
  }
  const { skin: skinTriangles } = splitTriangles(canonical.triangles)
  const near = neighboursOf(canonical.triangles, POINTS)
  const around = (ring: Ring): readonly number[] => [...new Set(ring.flatMap((i) => [i, ...(near[i] ?? [])]))]
  const lips = within(head, OUTER_LIPS)
  const toEyes = distances(head, [LEFT_EYE, RIGHT_EYE])
  const toLips = distances(head, [OUTER_LIPS])
  for (const i of lips) toLips[i] = 0
  const toBrows = distances(head, [LEFT_BROW, RIGHT_BROW])
  for (const brow of [LEFT_BROW, RIGHT_BROW]) for (const i of within(head, brow)) toBrows[i] = 0
  const skin = new Float32Array(POINTS).fill(1)
  for (let i = 0; i < POINTS; i++) {
    if ((toEyes[i] as number) < 0.4 || (toLips[i] as number) < 0.3 || (toBrows[i] as number) < 0.75)
      skin[i] = 0
  }
  for (const i of NOSTRILS) skin[i] = 0
  const starts = new Uint16Array(POINTS + 1)
  for (let i = 0; i < POINTS; i++) starts[i + 1] = (starts[i] as number) + (near[i]?.length ?? 0)
  return {
    head,
    anchors: canonical.anchors,
    anchorWeights: canonical.anchorWeights,
    ...withOpenings(head, skinTriangles),
    starts,
    neighbours: Uint16Array.from(near.flat()),
    toOutline: distances(head, [FACE_OVAL]),
    toEyes,
    toLips,
    toMouth: distances(head, [INNER_LIPS]),
    toBrows,
    skin,
    eyes: [
      { points: around(RIGHT_EYE), still: [33, 133], from: 33, to: 133 },
      { points: around(LEFT_EYE), still: [362, 263], from: 362, to: 263 },
    ],
    brows: [
      { points: RIGHT_BROW, still: RIGHT_BROW, from: 70, to: 107 },
      { points: LEFT_BROW, still: LEFT_BROW, from: 336, to: 300 },
    ],
  }
}

/**
 * The skin's triangles and a strip of our own in each opening: lid to middle to lid. The middles let a picture change
 * within the opening, which its rim alone could not.
 */
function withOpenings(head: Float32Array, skin: Uint16Array): { triangles: Uint16Array; middles: Middle[] } {
  const triangles: number[] = []
  for (let t = 0; t < skin.length; t += 3) {
    triangles.push(...frontFacing(head, [skin[t] as number, skin[t + 1] as number, skin[t + 2] as number]))
  }
  const middles: Middle[] = []
  const at = new Float32Array([...head, ...new Float32Array(3 * 64)])
  for (const ring of [RIGHT_EYE, LEFT_EYE, INNER_LIPS]) {
    // Corner, one side, corner, the other side back: two rows that start and end at the same corners.
    const half = ring.length / 2
    const lower = ring.slice(0, half + 1)
    const upper = [ring[0] as number, ...ring.slice(half).reverse()]
    let before = ring[0] as number // a corner, then the middle before this one
    for (let k = 1; k <= half; k++) {
      const pair = [upper[k - 1], upper[k], lower[k - 1], lower[k]]
      const [u, U, l, L] = pair as [number, number, number, number]
      const middle = k === half ? U : POINTS + middles.length
      if (k < half) {
        middles.push({ upper: U, lower: L, eye: ring !== INNER_LIPS })
        for (let d = 0; d < 3; d++) {
          at[3 * middle + d] = ((head[3 * U + d] as number) + (head[3 * L + d] as number)) / 2
        }
      }
      const strip: [number, number, number][] = [
        [u, U, middle],
        [u, middle, before],
        [l, middle, L],
        [l, before, middle],
      ]
      for (const triangle of strip) {
        if (new Set(triangle).size === 3) triangles.push(...frontFacing(at, triangle))
      }
      before = middle
    }
  }
  return { triangles: new Uint16Array(triangles), middles }
}

/** Turned so that its area is positive on the average head in image coordinates. */
function frontFacing(at: Float32Array, [a, b, c]: [number, number, number]): [number, number, number] {
  const x = (i: number) => at[3 * i] as number
  const y = (i: number) => at[3 * i + 1] as number
  return (x(b) - x(a)) * (y(c) - y(a)) - (x(c) - x(a)) * (y(b) - y(a)) > 0 ? [a, b, c] : [a, c, b]
}

/** cm from every point to the nearest of some closed loops of points. */
function distances(head: Float32Array, loops: readonly (readonly number[])[]): Float32Array {
  const result = new Float32Array(POINTS).fill(Number.POSITIVE_INFINITY)
  const at = (i: number, d: number) => head[3 * i + d] as number
  for (let i = 0; i < POINTS; i++) {
    for (const loop of loops) {
      for (let k = 0; k < loop.length; k++) {
        const a = loop[k] as number
        const b = loop[(k + 1) % loop.length] as number
        let along = 0
        let length = 0
        for (let d = 0; d < 3; d++) {
          along += (at(i, d) - at(a, d)) * (at(b, d) - at(a, d))
          length += (at(b, d) - at(a, d)) ** 2
        }
        const share = Math.min(1, Math.max(0, along / length))
        let square = 0
        for (let d = 0; d < 3; d++) square += (at(i, d) - at(a, d) - share * (at(b, d) - at(a, d))) ** 2
        result[i] = Math.min(result[i] as number, Math.sqrt(square))
      }
    }
  }
  return result
}

/** Points on or inside a loop, as seen from the front. */
function within(head: Float32Array, loop: readonly number[]): number[] {
  const found: number[] = []
  for (let i = 0; i < POINTS; i++) {
    const px = head[3 * i] as number
    const py = head[3 * i + 1] as number
    let inside = false
    for (let k = 0; k < loop.length; k++) {
      const a = 3 * (loop[k] as number)
      const b = 3 * (loop[(k + 1) % loop.length] as number)
      const ay = head[a + 1] as number
      const by = head[b + 1] as number
      if (ay > py === by > py) continue
      const crossing =
        (head[a] as number) + ((py - ay) / (by - ay)) * ((head[b] as number) - (head[a] as number))
      if (px < crossing) inside = !inside
    }
    if (inside || loop.includes(i)) found.push(i)
  }
  return found
}
