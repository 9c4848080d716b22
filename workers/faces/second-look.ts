/** A closer look at one place, for the detector to say again whether there is a face. */
import type { Affine } from '../../models/affine'
import { DETECTOR_SIZE, type Detection } from '../../models/blazeface'
import type { Plate } from '../compositor/compositor'
import type { FaceNetworks } from './networks'
import type { Place } from './tracks'

/** Side of what is looked at, in sizes of the face: as large as faces are in what the detector was taught with. */
const AROUND = 2.2
/**
 * So close, faces score 0.75 and more, in the dark and turned far to the side too; flower pots and shoulders that even the
 * mesh network takes for faces, 0.35 to 0.55.
 */
const MIN_SCORE = 0.63
/** What it finds may be off the place by this share of its size. */
const OFF = 0.5

/** What the detector finds there at the best of scales; undefined: no face after all. */
export async function lookAgainAt(
  plate: Plate,
  { x, y, size }: Place,
  networks: FaceNetworks,
): Promise<Detection | undefined> {
  const side = AROUND * size
  const scale = DETECTOR_SIZE / side
  const window: Affine = [scale, 0, 0, scale, -(x - side / 2) * scale, -(y - side / 2) * scale]
  const found = await networks.detect(plate, [window], MIN_SCORE)
  return found.find((detection) => {
    const place = placeOfDetection(detection)
    return Math.hypot(place.x - x, place.y - y) < OFF * size
  })
}

export const placeOfDetection = ({ box }: Detection): Place => ({
  x: box.x + box.width / 2,
  y: box.y + box.height / 2,
  size: Math.max(box.width, box.height),
})
