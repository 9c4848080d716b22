import type { CanonicalFace } from '../../models/canonical-face'
import type { HeadCharacter } from './character'
import { LOWER_LIP, OVAL, UPPER_LIP } from './face-rings'
import { gauss, smoothstep } from './noise'
import { solveField } from './surface-field'

/** Where the lips of the canonical head meet, cm. */
export const MOUTH_Y = -4.25
/** The middle of an eye opening of the canonical head, cm from the middle plane and up. */
export const EYE_X = 3.15
export const EYE_Y = 2.63

/** The character's face at rest, lips closed: 468 × (x, y, z) in cm, as in the canonical face. */
export function restFace(canonical: CanonicalFace, character: HeadCharacter): Float32Array<ArrayBuffer> {
  const points = closeLips(canonical)
  const { proportions: p } = character
  for (let i = 0; i < points.length; i += 3) {
    let x = points[i] as number
    let y = points[i + 1] as number
    let z = points[i + 2] as number
    const side = Math.sign(x)
    const from = Math.abs(x)
    // Eyes and brows.
    const ex = from - EYE_X
    const ey = y - EYE_Y
    const nearEye = gauss(ex / 1.7) * gauss(ey / 1.1)
    x += side * nearEye * (p.eyeScale * ex + p.eyesApart)
    y += nearEye * (p.eyeScale * ey + p.eyeTilt * ex)
    y += p.eyeOpen * gauss(ex / 0.9) * gauss((ey - 0.4) / 0.35)
    y += p.browsUp * smoothstep(3.2, 4.3, y) * smoothstep(8.2, 5.4, y)
    // Nose.
    const nearNose = gauss(x / 1.7) * gauss((y + 1.1) / 1.3)
    const tip = gauss(x / 1.5) * gauss((y + 0.9) / 1.7)
    x += x * p.noseScale * nearNose
    y -= p.noseDown * tip
    z += p.noseForward * tip + p.bridgeForward * gauss(x / 0.9) * gauss((y - 2) / 1.6)
    // Mouth: wider, and fuller away from the line where the lips meet.
    const my = y - MOUTH_Y
    const nearMouth = gauss(x / 3.2) * gauss(my / 1.3)
    x += x * p.mouthScale * nearMouth
    y +=
      Math.sign(my) * p.lipFullness * smoothstep(0.05, 0.9, Math.abs(my)) * gauss(x / 1.9) * gauss(my / 1.5)
    z += p.lipFullness * 0.8 * gauss(x / 1.6) * gauss(my / 0.9)
    // The whole.
    x += x * p.jawScale * smoothstep(0, -6, y)
    x += side * p.cheekbones * gauss((from - 5.6) / 1.6) * gauss((y - 0.2) / 1.6)
    y -= p.chinDown * smoothstep(-5.4, -8.8, y)
    z += p.chinForward * smoothstep(-5.4, -8, y) * gauss(x / 2.6)
    y += p.lengthScale * (y - EYE_Y)
    points[i] = x
    points[i + 1] = y
    points[i + 2] = z
  }
  return points
}

/** The canonical mouth is a little open; the inner lips meet half-way and the rest of the lips follows. */
function closeLips({ positions, triangles }: CanonicalFace): Float32Array<ArrayBuffer> {
  const fixed = new Map<number, number>()
  for (const i of OVAL) fixed.set(i, 0)
  for (let i = 0; i < positions.length / 3; i++) {
    const y = positions[3 * i + 1] as number
    if (y > -2.9 || y < -6.6) fixed.set(i, 0)
  }
  const rows = UPPER_LIP[0]?.length ?? 0
  for (let k = 1; k < rows - 1; k++) {
    const upper = UPPER_LIP.map((row) => row[k] as number)
    const lower = LOWER_LIP.map((row) => row[k] as number)
    const gap =
      (positions[3 * (upper[3] as number) + 1] as number) -
      (positions[3 * (lower[3] as number) + 1] as number)
    const share = [0.25, 0.5, 0.8, 1]
    for (let r = 0; r < 4; r++) {
      fixed.set(upper[r] as number, -0.42 * gap * (share[r] as number))
      fixed.set(lower[r] as number, 0.58 * gap * (share[r] as number))
    }
  }
  const move = solveField(positions.length / 3, triangles, fixed)
  const points = positions.slice()
  for (let i = 0; i < move.length; i++)
    points[3 * i + 1] = (points[3 * i + 1] as number) + (move[i] as number)
  return points
}
