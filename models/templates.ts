/** Where five points of a face belong in the crops that networks were taught with. */
import { type Affine, fitSimilarity } from './affine'
import {
  LEFT_EYE,
  LEFT_MOUTH_CORNER,
  NOSE_TIP,
  RIGHT_EYE,
  RIGHT_MOUTH_CORNER,
  type Ring,
} from './face-regions'

/** Side of ArcFace's crop, px. */
export const ARCFACE_SIZE = 112
/** arcface_112_v2: right eye, left eye, nose tip, right and left mouth corner (x, y), px of the crop. */
export const ARCFACE_112_V2: readonly number[] = [
  38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041,
]

/** The same five points of a mesh of 468 × (x, y, z): eyes are where their openings are. 5 × (x, y). */
export function fivePoints(landmarks: Float32Array): number[] {
  const parts: readonly Ring[] = [RIGHT_EYE, LEFT_EYE, [NOSE_TIP], [RIGHT_MOUTH_CORNER], [LEFT_MOUTH_CORNER]]
  return parts.flatMap((ring) => {
    let [x, y] = [0, 0]
    for (const i of ring) {
      x += (landmarks[3 * i] ?? 0) / ring.length
      y += (landmarks[3 * i + 1] ?? 0) / ring.length
    }
    return [x, y]
  })
}

/** From px of the frame to px of ArcFace's crop. */
export const arcfaceCrop = (landmarks: Float32Array): Affine =>
  fitSimilarity(fivePoints(landmarks), ARCFACE_112_V2)
