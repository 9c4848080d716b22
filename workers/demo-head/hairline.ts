import { SKULL } from './head-mesh'
import { mix } from './noise'

/** Where hair begins: height (cm) by the angle around the head's upright axis, 0 in front, π at the back. */
const LINE: readonly (readonly [angle: number, height: number])[] = [
  [0, 8.55],
  [0.3, 8.5],
  [0.5, 8.15],
  [0.68, 7.35],
  [0.82, 6.5],
  [0.94, 5.2],
  [1.06, 3.7],
  [1.18, 1.6],
  [1.27, 0.3],
  [1.36, 0.6],
  [1.5, 2.2],
  [1.75, 1.5],
  [2.0, -2.2],
  [2.4, -5],
  [Math.PI, -6],
]

export function hairlineHeight(angle: number): number {
  const from = Math.abs(angle)
  for (let i = 1; i < LINE.length; i++) {
    const [before, low] = LINE[i - 1] as readonly [number, number]
    const [after, high] = LINE[i] as readonly [number, number]
    if (from <= after) return mix(low, high, (from - before) / (after - before))
  }
  return -6
}

/** The angle of a point around the head's upright axis. */
export const angleAround = (x: number, z: number): number => Math.atan2(x, z - SKULL.z)
