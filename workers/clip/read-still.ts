import { createPixels, type Pixels } from '../../models/pixels'
import { HEADER_BYTES, type ImageKind, readImageHeader } from '../media/image-header'
import { namedError } from '../rpc/named-error'

const TOO_MANY_PIXELS = 100e6

const UNDECODABLE: Partial<Record<ImageKind, string>> = {
  heic: 'HeicUndecodableError',
  svg: 'SvgUndecodableError',
}

/** A still picture in plain memory. */
export interface StillPixels {
  /** Upright and opaque: a transparent pixel has its own colour here. */
  readonly pixels: Pixels
  /** How opaque each pixel is, 0..255; undefined when all are. */
  readonly alpha: Uint8Array<ArrayBuffer> | undefined
}

/** Whether the file is a picture by its first bytes, whatever it is called. */
export async function isStill(file: Blob): Promise<boolean> {
  const { kind } = readImageHeader(new Uint8Array(await file.slice(0, 1024).arrayBuffer()))
  return kind !== undefined && kind !== 'video'
}

/**
 * The picture in a file (of an animated one the first), at its own size or with its longer side scaled down to `maxSide`.
 * A huge one is refused before it is decoded. Rejects with a named Error.
 */
export async function readStill(
  file: Blob,
  maxSide = Number.POSITIVE_INFINITY,
): Promise<StillPixels & { readonly full: { readonly width: number; readonly height: number } }> {
  const { kind, size } = readImageHeader(new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer()))
  if (size) refuseHuge(size)
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => {
    throw namedError(
      (kind && UNDECODABLE[kind]) ?? 'ImageUndecodableError',
      'The browser cannot decode this picture.',
    )
  })
  try {
    refuseHuge(image)
    const full = { width: image.width, height: image.height }
    const scale = Math.min(1, maxSide / Math.max(image.width, image.height))
    return { ...draw(image, scale), full }
  } finally {
    image.close()
  }
}

function refuseHuge({ width, height }: { readonly width: number; readonly height: number }): void {
  if (width * height >= TOO_MANY_PIXELS)
    throw namedError('ImageTooLargeError', `${width} × ${height} pixels are too many.`)
}

function draw(image: ImageBitmap, scale: number): StillPixels {
  const width = Math.max(1, Math.round(image.width * scale))
  const height = Math.max(1, Math.round(image.height * scale))
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('This browser offers no 2-D drawing.')
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  const pixels = { width, height, data: new Uint8ClampedArray(data.buffer) }
  return { pixels, alpha: takeAlpha(pixels) }
}

/** Makes the picture opaque and gives back what it was. */
function takeAlpha({ data }: Pixels): StillPixels['alpha'] {
  const alpha = new Uint8Array(data.length / 4)
  let least = 255
  for (let i = 0; i < alpha.length; i++) {
    const value = data[4 * i + 3] as number // in range by construction
    alpha[i] = value
    if (value < least) least = value
    data[4 * i + 3] = 255
  }
  return least < 255 ? alpha : undefined
}

/** The picture as it looks on black, which is how it is shown. */
export function onBlack({ pixels, alpha }: StillPixels): Pixels {
  if (!alpha) return pixels
  const out = createPixels(pixels.width, pixels.height)
  for (let i = 0; i < alpha.length; i++) {
    const share = (alpha[i] as number) / 255 // in range by construction
    for (let at = 4 * i; at < 4 * i + 3; at++) out.data[at] = (pixels.data[at] as number) * share
    out.data[4 * i + 3] = 255
  }
  return out
}
