/** Source picture and clip through tracker, engine and rasteriser, frame after frame, as the studio does it. */
import { createPixels, type Pixels } from '../../models/pixels'
import { copyPlate, rasterise } from '../../workers/compositor/cpu/rasterise'
import type { Layer } from '../../workers/compositor/layer'
import type { Face } from '../../workers/faces/face'
import type { FaceNetworks } from '../../workers/faces/networks'
import { facesInStill, plateOfPixels } from '../../workers/faces/still'
import { FaceTracker } from '../../workers/faces/tracker'
import { placeOf } from '../../workers/faces/tracks'
import type { Look } from '../../workers/studio/look'
import type { MeshSource, MeshSwap } from '../../workers/swap/mesh-swap'
import type { ClipFrame } from './ffmpeg'

export interface TrackedFrame extends ClipFrame {
  readonly face: Face | undefined // the largest
}

export async function trackClip(
  frames: AsyncIterable<ClipFrame>,
  networks: FaceNetworks,
  smoothing: number,
): Promise<TrackedFrame[]> {
  const tracker = new FaceTracker(networks)
  const tracked: TrackedFrame[] = []
  for await (const frame of frames) {
    const faces = await tracker.track(plateOfPixels(frame.pixels), frame.timeMs, smoothing, () => {})
    const bySize = [...faces].sort((a, b) => placeOf(b.landmarks).size - placeOf(a.landmarks).size)
    const face = bySize[0]
    tracked.push({ ...frame, face: face && { ...face, landmarks: face.landmarks.slice() } })
  }
  return tracked
}

/** The largest face of a picture. */
export async function largestFace(
  picture: Pixels,
  networks: FaceNetworks,
): Promise<Float32Array<ArrayBuffer>> {
  const [face] = await facesInStill(plateOfPixels(picture), networks)
  if (!face) throw new Error('There is no face in the picture.')
  return face.landmarks
}

/** One frame with its face swapped, and the layer that did it. */
export function swapFrame(
  engine: MeshSwap,
  source: MeshSource,
  { pixels, timeMs, face }: TrackedFrame,
  look: Look,
): { output: Pixels; layer: Layer | undefined } {
  const output = createPixels(pixels.width, pixels.height)
  const [from, to] = [
    { pixels, x: 0, y: 0 },
    { pixels: output, x: 0, y: 0 },
  ]
  copyPlate(from, to)
  if (!face) return { output, layer: undefined }
  const layer = engine.layer(face, source, look, timeMs)
  rasterise(from, layer, to)
  return { output, layer }
}

/** 1 where the layer draws anything at all, 0 elsewhere; as large as the picture. */
export function drawnMask(layer: Layer, { width, height }: Pixels): Uint8Array {
  const drawn = createPixels(width, height)
  rasterise({ pixels: createPixels(width, height), x: 0, y: 0 }, layer, { pixels: drawn, x: 0, y: 0 })
  return Uint8Array.from({ length: width * height }, (_, i) => (drawn.data[4 * i + 3] === 0 ? 0 : 1))
}
