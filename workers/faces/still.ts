import type { Plate } from '../compositor/compositor'
import type { FaceNetworks, ReadFace } from './networks'
import { searchWindows } from './search'
import { placeOf } from './tracks'

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
    if (face && !faces.some((other) => samePlace(other, face.landmarks))) faces.push(face)
  }
  return faces.sort((a, b) => placeOf(b.landmarks).size - placeOf(a.landmarks).size)
}

function samePlace(face: ReadFace, landmarks: Float32Array): boolean {
  const [a, b] = [placeOf(face.landmarks), placeOf(landmarks)]
  return Math.hypot(a.x - b.x, a.y - b.y) < 0.4 * Math.max(a.size, b.size)
}
