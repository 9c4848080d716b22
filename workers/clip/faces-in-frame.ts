import type { Plate } from '../compositor/compositor'
import type { Face } from '../faces/face'
import type { FaceNetworks } from '../faces/networks'
import { smallCrop } from '../faces/small-crop'
import { facesInStill } from '../faces/still'

let lastId = 0

/**
 * The faces of one frame that stands for itself, as a clip's are handed to the engine. Their numbers are new and negative:
 * no frame before knew them.
 */
export async function facesInFrame(
  plate: Plate,
  networks: FaceNetworks,
  signal: AbortSignal,
): Promise<readonly Face[]> {
  const found = await facesInStill(plate, networks, signal)
  return found.map((face) => ({ ...face, crop: smallCrop(face.crop), id: --lastId, missingMs: 0 }))
}

/** The same face in the same picture at another size. */
export function scaledFace(face: Face, scale: number): Face {
  const [a, b, c, d, e, f] = face.crop.frameToCrop
  return {
    ...face,
    id: --lastId,
    landmarks: face.landmarks.map((value) => value * scale),
    crop: { ...face.crop, frameToCrop: [a / scale, b / scale, c / scale, d / scale, e, f] },
  }
}
