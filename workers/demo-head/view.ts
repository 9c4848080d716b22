import type { HeadPose } from './motion'

/** How far the camera is from the head's origin, cm. */
export const CAMERA_CM = 62
/** Where the head turns on the neck, cm. */
export const PIVOT = { x: 0, y: -4.5, z: -4.5 } as const
/** What height of the scene the picture shows at the head's distance, cm, and what height is in its middle. */
const SHOWN_CM = 38.5
const MIDDLE_CM = -1.9

/** From the head's own space (cm, y up) to the camera's: a rotation (rows) and then a shift. */
export interface Placement {
  readonly r: readonly [number, number, number, number, number, number, number, number, number]
  readonly t: readonly [number, number, number]
}

export function placeHead({ yaw, pitch, roll, x, y, z }: HeadPose): Placement {
  const [cy, sy] = [Math.cos(yaw), Math.sin(yaw)]
  const [cp, sp] = [Math.cos(pitch), Math.sin(pitch)]
  const [cr, sr] = [Math.cos(roll), Math.sin(roll)]
  // Nod, then turn, then tilt.
  const turned = [cy, -sy * sp, sy * cp, 0, cp, sp, -sy, -cy * sp, cy * cp] as const
  const [a, b, c, d, e, f, g, h, i] = turned
  const r = [cr * a + sr * d, cr * b + sr * e, cr * c + sr * f, cr * d - sr * a, cr * e - sr * b, cr * f - sr * c, g, h, i] as const // biome-ignore format: a matrix
  return {
    r,
    t: [
      x + PIVOT.x - (r[0] * PIVOT.x + r[1] * PIVOT.y + r[2] * PIVOT.z),
      y + PIVOT.y - (r[3] * PIVOT.x + r[4] * PIVOT.y + r[5] * PIVOT.z),
      z + PIVOT.z - (r[6] * PIVOT.x + r[7] * PIVOT.y + r[8] * PIVOT.z),
    ],
  }
}

/** From the camera's space to the picture: px = centre ± focal · position / (CAMERA_CM − z). */
export interface Lens {
  readonly focal: number
  readonly x: number
  readonly y: number
}

/** `tight` above 1 shows less of the scene, for portraits. */
export function lensFor(width: number, height: number, tight = 1): Lens {
  const focal = (CAMERA_CM * Math.min(height, width * 0.9) * tight) / SHOWN_CM
  return { focal, x: width / 2, y: height / 2 + (focal / CAMERA_CM) * MIDDLE_CM }
}
