import type { Pixels } from '../../models/pixels'
import { placeOf } from '../faces/tracks'
import { thumbnailOf } from '../people/thumbnail'
import type { SwapParts } from '../studio/parts'
import type { ScanResult } from './clip-api'
import { facesInFrame } from './faces-in-frame'
import type { Footage } from './footage'

/** Who is in a still: every face is somebody of their own, largest first. The thumbnails are the caller's to close. */
export async function scanStill(
  footage: Footage,
  { makers, newNetworks }: SwapParts,
  signal: AbortSignal,
): Promise<ScanResult> {
  const { frame, timeS } = await footage.frameAt(0, signal)
  using compositor = makers.cpu(new OffscreenCanvas(1, 1))
  using plate = await compositor.take(frame)
  const people: ScanResult['people'][number][] = []
  for (const face of await facesInFrame(plate, newNetworks(), signal)) {
    const { x, y, size } = placeOf(face.landmarks)
    const sightings = [{ timeS, x: x / plate.width, y: y / plate.width, size: size / plate.width }]
    const thumbnail = await bitmapOf(await thumbnailOf(face, plate))
    people.push({ id: crypto.randomUUID(), sightings, thumbnail, seenS: 0 })
  }
  return { people, by: 'track' }
}

const bitmapOf = ({ data, width, height }: Pixels): Promise<ImageBitmap> =>
  createImageBitmap(new ImageData(data, width, height))
