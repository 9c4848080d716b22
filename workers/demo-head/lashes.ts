import type { HeadCharacter } from './character'
import { type EyeRows, LEFT_EYE, RIGHT_EYE } from './face-rings'
import type { HeadPose } from './motion'
import { mix, seededRandom } from './noise'
import type { Target } from './raster'
import { drawStroke, type StrokeEnd } from './strokes'
import { project } from './surface'
import { CAMERA_CM, type Lens, type Placement } from './view'

/** Lashes and the dark line they make along the lids. Indices below are in range by construction. */
export interface Lashes {
  /** `positions`: the skin's vertices in the camera's space. */
  draw(target: Target, positions: Float32Array, pose: HeadPose, head: Placement, lens: Lens): void
}

interface Lash {
  readonly eye: EyeRows
  readonly upper: boolean
  /** Along the lid from the outer corner (0) to the inner one (1). */
  readonly at: number
  readonly length: number // cm
  /** Which way it points at rest, in the head's space. */
  readonly x: number
  readonly y: number
  readonly z: number
}

export function createLashes({ lashes, seed, brows }: HeadCharacter): Lashes {
  const random = seededRandom(seed + 500)
  const all: Lash[] = []
  for (const [eye, side] of [
    [RIGHT_EYE, -1],
    [LEFT_EYE, 1],
  ] as const) {
    for (const upper of [true, false]) {
      const count = upper ? 34 : 22
      for (let i = 0; i < count; i++) {
        const at = mix(0.04, 0.9, (i + random()) / count)
        const outer = 1 - at
        const length = lashes * mix(0.75, 1.1, random()) * (upper ? mix(0.6, 1.15, outer) : 0.42)
        const fan = side * mix(-0.35, 0.85, outer) + 0.2 * (random() - 0.5)
        all.push({ eye, upper, at, length, x: fan, y: upper ? 0.75 : -0.7, z: 0.75 })
      }
    }
  }
  const dark = brows.colour.map((value) => value * 0.42) as [number, number, number]
  const ends = [0, 1, 2].map(
    (): StrokeEnd => ({ x: 0, y: 0, z: 0, r: dark[0], g: dark[1], b: dark[2], cover: 0, width: 0 }),
  ) as [StrokeEnd, StrokeEnd, StrokeEnd]
  const point = new Float32Array(3)
  const seen = new Float32Array(3)
  const root = new Float32Array(3)

  const onLid = (positions: Float32Array, row: readonly number[], at: number): void => {
    const k = Math.min(row.length - 1.001, at * (row.length - 1))
    const i = Math.floor(k)
    const [a, b] = [3 * (row[i] as number), 3 * (row[i + 1] as number)]
    for (let axis = 0; axis < 3; axis++)
      root[axis] = mix(positions[a + axis] as number, positions[b + axis] as number, k - i)
    root[2] = (root[2] as number) + 0.12
  }
  const put = (end: StrokeEnd, cover: number, width: number, lens: Lens, perCm: number): void => {
    project(point, 0, lens, seen, 0)
    end.x = seen[0] as number
    end.y = seen[1] as number
    end.z = seen[2] as number
    end.width = Math.max(0.8, width * perCm)
    end.cover = cover * Math.min(1, 0.4 + 0.6 * width * perCm)
  }
  return {
    draw(target, positions, pose, { r }, lens) {
      const perCm = lens.focal / CAMERA_CM
      for (const eye of [RIGHT_EYE, LEFT_EYE]) {
        for (const [row, thick, cover] of [
          [eye.upper, 0.085, 0.85],
          [eye.lower, 0.045, 0.3],
        ] as const) {
          for (let k = 0; k < 16; k++) {
            for (const [j, end] of [
              [k, ends[0]],
              [k + 1, ends[1]],
            ] as const) {
              const at = mix(0, row === eye.upper ? 0.93 : 0.85, j / 16)
              onLid(positions, row, at)
              point.set(root)
              const taper = mix(1, 0.45, at)
              put(end, cover * mix(1, 0.5, at), thick * taper, lens, perCm)
            }
            drawStroke(target, ends[0], ends[1])
          }
        }
      }
      for (const { eye, upper, at, length, x, y, z } of all) {
        const blink = eye === RIGHT_EYE ? pose.expression.blinkRight : pose.expression.blinkLeft
        onLid(positions, upper ? eye.upper : eye.lower, at)
        const drop = upper ? y - 1.25 * blink : y
        for (const [k, end] of ends.entries()) {
          const s = (k / 2) * length
          const curl = upper ? (k / 2) ** 2 * length * 0.5 * (1 - blink) : 0
          const [dx, dy, dz] = [x * s, drop * s + curl, z * s]
          point[0] = (root[0] as number) + r[0] * dx + r[1] * dy + r[2] * dz
          point[1] = (root[1] as number) + r[3] * dx + r[4] * dy + r[5] * dz
          point[2] = (root[2] as number) + r[6] * dx + r[7] * dy + r[8] * dz
          put(end, (upper ? 0.75 : 0.4) * (1 - 0.4 * k), 0.034 * (1 - 0.3 * k), lens, perCm)
        }
        drawStroke(target, ends[0], ends[1])
        drawStroke(target, ends[1], ends[2])
      }
    },
  }
}
