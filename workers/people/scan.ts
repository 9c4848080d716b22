/** Who is in a clip. */
import type { ScanResult } from '../clip/clip-api'
import type { Span } from '../clip/clip-job'
import type { Plate } from '../compositor/compositor'
import { plateOfPixels } from '../faces/still'
import type { ClipReader } from '../media/clip-reader'
import type { SwapParts } from '../studio/parts'
import { PeopleScan } from './people-scan'
import { openInstalledRecognition, type Recognition } from './recognition'

/**
 * Walks through the clip (or a span of it) and looks at it about five times a second. People are told apart by the
 * recognition network when one is installed. `onProgress` 0..1. The thumbnails are the caller's to close.
 */
export async function scanPeople(
  reader: ClipReader,
  parts: SwapParts,
  span: Span | undefined,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<ScanResult> {
  const { fromS, toS } = span ?? reader.info
  using recognition = await openInstalledRecognition()
  using compositor = parts.makers.cpu(new OffscreenCanvas(8, 8))
  const embed = recognition && ((...args: Parameters<Recognition['embed']>) => recognition.embed(...args))
  const scan = new PeopleScan(parts.newNetworks(), embed)
  const shrink = shrinker()
  for await (const { frame, timeS } of reader.frames(fromS, toS, signal)) {
    const isDue = !signal.aborted && (await scan.isDue(shrink(frame), timeS))
    if (!isDue) {
      frame.close()
      continue
    }
    using plate = await compositor.take(frame)
    await scan.look(plate, timeS)
    onProgress(Math.min(1, Math.max(0, (timeS - fromS) / Math.max(1e-6, toS - fromS))))
  }
  signal.throwIfAborted()
  const people = await Promise.all(
    scan.people().map(async ({ thumbnail, ...person }) => {
      const { data, width, height } = thumbnail
      return { ...person, thumbnail: await createImageBitmap(new ImageData(data, width, height)) }
    }),
  )
  onProgress(1)
  return { people, by: embed ? 'recognition' : 'track' }
}

/** Side of what cuts are seen by, px. */
const SMALL = 64

/** Makes small pictures of frames, whatever their shape. */
function shrinker(): (frame: VideoFrame) => Plate {
  const context = new OffscreenCanvas(SMALL, SMALL).getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('There is no canvas to be had.')
  return (frame) => {
    context.drawImage(frame, 0, 0, SMALL, SMALL)
    return plateOfPixels(context.getImageData(0, 0, SMALL, SMALL))
  }
}
