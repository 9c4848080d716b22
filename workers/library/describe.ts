/** What a file of the library is, found out from the file itself: nothing is believed that a crash may have left half true. */
import { ALL_FORMATS, BlobSource, CanvasSink, Input, type InputVideoTrack } from 'mediabunny'
import { HEADER_BYTES, readImageHeader } from '../media/image-header'
import type { LibraryItem } from './library-item'
import { firstPng, isZip } from './zip'

export type Description = Pick<LibraryItem, 'kind' | 'type' | 'durationS' | 'width' | 'height' | 'thumbnail'>

/** Longer side of a thumbnail, px: a card's on a display with two pixels for one. */
const THUMBNAIL_PX = 512
/** Openings are often black or blurred: a thumbnail is taken this far into a video. */
const THUMBNAIL_AT = 0.1

/** undefined: it is nothing that could be shown or played. A thumbnail that cannot be made is left out. */
export async function describe(file: Blob): Promise<Description | undefined> {
  const head = new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer())
  if (isZip(head)) return describeFrames(file)
  const { kind, size } = readImageHeader(head)
  if (!kind || kind === 'video' || kind === 'svg') return describeVideo(file)
  const { width, height } = size ?? {}
  const type = `image/${kind}`
  const thumbnail = await shrink(file)
  return { kind: kind === 'gif' ? 'gif' : 'still', type, durationS: undefined, width, height, thumbnail }
}

async function describeFrames(file: Blob): Promise<Description | undefined> {
  const first = await firstPng(file)
  if (!first) return undefined
  const { size } = readImageHeader(new Uint8Array(await first.slice(0, 64).arrayBuffer()))
  return {
    kind: 'frames',
    type: 'application/zip',
    durationS: undefined,
    width: size?.width,
    height: size?.height,
    thumbnail: await shrink(first),
  }
}

async function describeVideo(file: Blob): Promise<Description | undefined> {
  using input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS })
  try {
    const [format, track] = await Promise.all([input.getFormat(), input.getPrimaryVideoTrack()])
    if (!track) return undefined
    const [startS, endS] = await Promise.all([track.getFirstTimestamp(), track.computeDuration()])
    if (!(endS > startS)) return undefined
    const [width, height] = await Promise.all([track.getDisplayWidth(), track.getDisplayHeight()])
    const thumbnail = await frameOf(track, startS + (endS - startS) * THUMBNAIL_AT).catch(() => undefined)
    return { kind: 'clip', type: format.mimeType, durationS: endS - startS, width, height, thumbnail }
  } catch {
    return undefined // not a video, or broken off before its first frame
  }
}

async function frameOf(track: InputVideoTrack, timeS: number): Promise<Blob | undefined> {
  const [width, height] = await Promise.all([track.getDisplayWidth(), track.getDisplayHeight()])
  const scale = Math.min(1, THUMBNAIL_PX / Math.max(width, height))
  const sink = new CanvasSink(track, {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
    fit: 'fill',
  })
  const wrapped = (await sink.getCanvas(timeS)) ?? (await sink.canvases().next()).value
  return wrapped?.canvas instanceof OffscreenCanvas ? encode(wrapped.canvas) : undefined
}

async function shrink(picture: Blob): Promise<Blob | undefined> {
  // What the browser cannot decode can still be downloaded.
  const whole = await createImageBitmap(picture).catch(() => undefined)
  if (!whole) return undefined
  try {
    const scale = Math.min(1, THUMBNAIL_PX / Math.max(whole.width, whole.height))
    const canvas = new OffscreenCanvas(
      Math.max(1, Math.round(whole.width * scale)),
      Math.max(1, Math.round(whole.height * scale)),
    )
    const context = canvas.getContext('2d', { alpha: false }) // on black, as it is shown
    if (!context) return undefined
    context.imageSmoothingQuality = 'high'
    context.drawImage(whole, 0, 0, canvas.width, canvas.height)
    return encode(canvas)
  } finally {
    whole.close()
  }
}

const encode = (canvas: OffscreenCanvas): Promise<Blob> =>
  canvas.convertToBlob({ type: 'image/jpeg', quality: 0.82 })
