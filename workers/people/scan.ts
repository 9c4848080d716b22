/** Who is in a clip. */
import type { ScanResult } from '../clip/clip-api'
import type { Span } from '../clip/clip-job'
import type { ClipReader } from '../media/clip-reader'
import type { SwapParts } from '../studio/parts'
import { LOOK_EVERY_S, PeopleScan } from './people-scan'
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
  let nextS = Number.NEGATIVE_INFINITY
  for await (const { frame, timeS } of reader.frames(fromS, toS, signal)) {
    if (timeS < nextS || signal.aborted) {
      frame.close()
      continue
    }
    nextS = timeS + LOOK_EVERY_S - 0.001 // frames are not quite evenly spaced
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
