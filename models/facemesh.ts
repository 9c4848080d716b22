/** MediaPipe's face mesh: a level 192 × 192 crop of one face in, 468 points out. */
import { type Affine, applyX, applyY, scaleOf } from './affine'
import type { Detection } from './blazeface'
import { LEFT_EYE_OUTER_CORNER, RIGHT_EYE_OUTER_CORNER } from './face-regions'

// Indices below are in range by construction.

export const MESH_SIZE = 192 // px
export const LANDMARKS = 468
/** Below this the crop does not show a face. */
export const MIN_FACE_SCORE = 0.5
/** The crop's side over the longer side of the face's box. */
const MARGIN = 1.5

/** Where the mesh network should look, for a face (px of the frame) that was just detected: frame px to crop px. */
export function cropFromDetection({ box, points }: Detection): Affine {
  const angle = Math.atan2(
    (points[3] as number) - (points[1] as number),
    (points[2] as number) - (points[0] as number),
  )
  const side = Math.max(box.width, box.height) * MARGIN
  return levelCrop(box.x + box.width / 2, box.y + box.height / 2, side, angle)
}

/**
 * The same from the landmarks (468 × x, y, z, px of the frame) of the frame before. The box is measured along the eye
 * line, so that a tilted head gets as tight a crop as a level one.
 */
export function cropFromLandmarks(landmarks: Float32Array): Affine {
  const right = 3 * RIGHT_EYE_OUTER_CORNER
  const left = 3 * LEFT_EYE_OUTER_CORNER
  const angle = Math.atan2(
    (landmarks[left + 1] as number) - (landmarks[right + 1] as number),
    (landmarks[left] as number) - (landmarks[right] as number),
  )
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  let [minU, maxU, minV, maxV] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let i = 0; i < 3 * LANDMARKS; i += 3) {
    const x = landmarks[i] as number
    const y = landmarks[i + 1] as number
    const u = cos * x + sin * y
    const v = cos * y - sin * x
    minU = Math.min(minU, u)
    maxU = Math.max(maxU, u)
    minV = Math.min(minV, v)
    maxV = Math.max(maxV, v)
  }
  const [u, v] = [(minU + maxU) / 2, (minV + maxV) / 2]
  const side = Math.max(maxU - minU, maxV - minV) * MARGIN
  return levelCrop(cos * u - sin * v, sin * u + cos * v, side, angle)
}

/** A square of the frame around (x, y), turned by `angle`, as the network's whole picture. */
function levelCrop(x: number, y: number, side: number, angle: number): Affine {
  const scale = MESH_SIZE / side
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale]
  const half = MESH_SIZE / 2
  return [cos, -sin, sin, cos, half - cos * x - sin * y, half + sin * x - cos * y]
}

/** The network's `landmarks` (px of the crop) in px of the frame; z grows by the crop's scale. Writes into `out`. */
export function decodeLandmarks(raw: Float32Array, cropToFrame: Affine, out: Float32Array): void {
  const scale = scaleOf(cropToFrame)
  for (let i = 0; i < 3 * LANDMARKS; i += 3) {
    const x = raw[i] as number
    const y = raw[i + 1] as number
    out[i] = applyX(cropToFrame, x, y)
    out[i + 1] = applyY(cropToFrame, x, y)
    out[i + 2] = (raw[i + 2] as number) * scale
  }
}

/** The network's `faceFlag` as a probability. */
export const decodeFaceScore = (flag: number): number => 1 / (1 + Math.exp(-flag))
