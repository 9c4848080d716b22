import { LEFT_EYE_OUTER_CORNER, RIGHT_EYE_OUTER_CORNER } from '../../models/face-regions'
import { createPixels, type Pixels } from '../../models/pixels'
import type { Plate } from '../compositor/compositor'
import { cropPixels } from '../compositor/cpu/crop'
import type { FaceNetworks, ReadFace } from './networks'
import { searchWindows } from './search'
import { boundsOf, placeOf } from './tracks'

/** In a still there is time to look closely: each face is read this many more times, every crop from the last reading. */
const REFINEMENTS = 2

/** Every face in a still picture, largest first. */
export async function facesInStill(
  plate: Plate,
  networks: FaceNetworks,
  signal?: AbortSignal,
): Promise<ReadFace[]> {
  const faces: ReadFace[] = []
  for (const detection of await networks.detect(plate, searchWindows(plate.width, plate.height))) {
    signal?.throwIfAborted()
    let face = await networks.readDetection(plate, detection)
    for (let i = 0; i < REFINEMENTS && face; i++) face = await networks.readAgain(plate, face.landmarks)
    if (face) faces.push(face)
  }
  faces.sort((a, b) => placeOf(b.landmarks).size - placeOf(a.landmarks).size)
  return faces.filter((face, i) => !faces.slice(0, i).some((larger) => isPartOf(face, larger)))
}

/** The same face again, or a forehead, an ear or a shirt button of a larger one that looked like a face close by. */
function isPartOf(face: ReadFace, larger: ReadFace): boolean {
  const { x, y } = placeOf(face.landmarks)
  const { left, top, right, bottom } = boundsOf(larger.landmarks)
  const [width, height] = [right - left, bottom - top]
  const [beside, above, below] = [0.15 * width, 0.5 * height, 0.3 * height]
  return x > left - beside && x < right + beside && y > top - above && y < bottom + below
}

/** A picture in memory as a plate, to look for faces in. */
export function plateOfPixels(pixels: Pixels): Plate {
  return {
    width: pixels.width,
    height: pixels.height,
    async crop(frameToCrop, size) {
      const out = createPixels(size, size)
      cropPixels(pixels, frameToCrop, out)
      return out
    },
    [Symbol.dispose]() {},
  }
}

/** How far a head is turned to the side, radians: the depth of its eye line. Positive: its left eye is farther away. */
export function yawOf(landmarks: Float32Array): number {
  const along = (axis: number) =>
    (landmarks[3 * LEFT_EYE_OUTER_CORNER + axis] ?? 0) - (landmarks[3 * RIGHT_EYE_OUTER_CORNER + axis] ?? 0)
  return Math.atan2(along(2), Math.hypot(along(0), along(1)))
}
