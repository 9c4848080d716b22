import type { Pixels } from '../../models/pixels'
import { namedError } from '../rpc/named-error'
import { openFileWriter } from './file-writer'
import { paletteOf } from './gif-palette'
import { GifStream } from './gif-stream'
import { type KeptPicture, keptPictures, scaledSize } from './picture-segment'
import type { PicturesToFinish } from './png-zip'

/** A GIF is for a moment: a minute of it is some hundred megabytes that stutter everywhere. */
export const GIF_MAX_S = 60
/** Browsers show what is to be shown for less than this for a tenth of a second. */
const LEAST_CENTISECONDS = 2
/** Pictures that the palette is made from. */
const SAMPLES = 16

/** Throws an Error named `GifTooLongError`. */
export function refuseLongGif(durationS: number): void {
  if (durationS > GIF_MAX_S + 0.001)
    throw namedError('GifTooLongError', `${durationS.toFixed(1)} s are more than ${GIF_MAX_S} s.`)
}

export interface GifToFinish extends PicturesToFinish {
  /** px; a GIF is never wider than its pictures. */
  readonly width: number
}

/**
 * The pictures as a GIF that repeats for ever, in one palette made from pictures all over it. Rejects with a named Error
 * when it would be too long or storage is full; the file is empty or
 * gone then.
 */
export async function finishGif({
  segments,
  to,
  width: wantedWidth,
  onProgress,
  signal,
}: GifToFinish): Promise<{ readonly warnings: readonly string[] }> {
  const pictures = await keptPictures(segments)
  const [first, last] = [pictures[0], pictures.at(-1)]
  if (!first || !last) throw new Error('A GIF of no pictures was asked for.')
  refuseLongGif(last.timeS + last.durationS - first.timeS)
  const samples: Pixels[] = []
  for (const picture of spread(pictures, SAMPLES)) {
    signal.throwIfAborted()
    samples.push(await decode(picture.png, wantedWidth))
  }
  const size = samples[0] ?? { width: 1, height: 1 }
  const stream = new GifStream(size.width, size.height, paletteOf(samples))
  const file = await openFileWriter(to)
  let position = 0
  const write = async (bytes: Uint8Array<ArrayBuffer>) => {
    await file.write(bytes, position)
    position += bytes.length
  }
  try {
    await write(stream.head())
    let done = 0
    for (const { picture, centiseconds } of gifTimes(pictures)) {
      signal.throwIfAborted()
      await write(stream.add(await decode(picture.png, wantedWidth), centiseconds))
      onProgress(++done / pictures.length)
    }
    await write(stream.tail())
    await file.close()
  } catch (error) {
    await file.abandon()
    throw error
  }
  onProgress(1)
  return { warnings: [] }
}

/**
 * How long each picture is shown, in hundredths of a second, so that every one begins within half a hundredth of its
 * time. Those too short for a browser are left out.
 */
export function gifTimes<Timed extends Pick<KeptPicture, 'timeS' | 'durationS'>>(
  pictures: readonly Timed[],
): { readonly picture: Timed; readonly centiseconds: number }[] {
  const startS = pictures[0]?.timeS ?? 0
  const at = (timeS: number) => Math.round((timeS - startS) * 100)
  const kept: Timed[] = []
  let shownUntil = 0
  for (const picture of pictures) {
    if (kept.length > 0 && at(picture.timeS) < shownUntil) continue
    kept.push(picture)
    shownUntil = at(picture.timeS) + LEAST_CENTISECONDS
  }
  const last = pictures.at(-1)
  const end = last ? at(last.timeS + last.durationS) : 0
  return kept.map((picture, i) => {
    const next = kept[i + 1]
    const until = next ? at(next.timeS) : end
    return { picture, centiseconds: Math.max(LEAST_CENTISECONDS, until - at(picture.timeS)) }
  })
}

/** At most `count` of them, evenly spread, the middle of each part. */
export function spread<Item>(items: readonly Item[], count: number): Item[] {
  const parts = Math.min(count, items.length)
  return Array.from(
    { length: parts },
    (_, i) => items[Math.floor(((i + 0.5) * items.length) / parts)] as Item,
  )
}

async function decode(png: Blob, maxWidth: number): Promise<Pixels> {
  const image = await createImageBitmap(png)
  try {
    return scaledPixels(image, image.width, image.height, maxWidth)
  } finally {
    image.close()
  }
}

/** A picture at most `maxWidth` wide, in plain memory. */
export function scaledPixels(
  image: CanvasImageSource,
  fullWidth: number,
  fullHeight: number,
  maxWidth: number,
): Pixels {
  const { width, height } = scaledSize(fullWidth, fullHeight, maxWidth)
  const context = new OffscreenCanvas(width, height).getContext('2d', {
    alpha: false,
    willReadFrequently: true,
  })
  if (!context) throw new Error('This browser offers no 2-D drawing.')
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  return { width, height, data: new Uint8ClampedArray(data.buffer) }
}
