import type { Affine } from '../../models/affine'
import type { Pixels } from '../../models/pixels'
import type { Plate } from '../compositor/compositor'
import type { Face } from '../faces/face'
import { yawOf } from '../faces/still'
import { placeOf } from '../faces/tracks'

const SIZE = 160 // px
/** The thumbnail's side in sizes of the face, and how far above the face's middle its own is: there is hair. */
const AROUND = 1.7
const ABOVE = 0.08

/** How good a thumbnail of this face would be: large, frontal and surely a face. */
export function qualityOf({ landmarks, score }: Face): number {
  return Math.min(placeOf(landmarks).size, SIZE) * score * Math.max(0.05, Math.cos(yawOf(landmarks))) ** 3
}

/** The face upright in a square, as it was filmed. A new array. */
export async function thumbnailOf({ landmarks }: Face, plate: Plate): Promise<Pixels> {
  const { x, y, size } = placeOf(landmarks)
  const side = AROUND * size
  const scale = SIZE / side
  const left = x - side / 2
  const top = y - ABOVE * size - side / 2
  const toThumbnail: Affine = [scale, 0, 0, scale, -left * scale, -top * scale]
  const lent = await plate.crop(toThumbnail, SIZE)
  return { ...lent, data: new Uint8ClampedArray(lent.data) }
}
