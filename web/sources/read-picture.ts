import { HEADER_BYTES, type ImageKind, readImageHeader } from '../../workers/media/image-header'
import { type ProblemName, problem } from '../words/errors'

/** Longer sides are scaled down to this: a face never needs more, and storage is not endless. */
const MAX_SIDE = 2048 // px
const MIN_SIDE = 64 // px
const TOO_MANY_PIXELS = 100e6

const UNDECODABLE: Partial<Record<ImageKind, ProblemName>> = {
  heic: 'HeicUndecodableError',
  svg: 'SvgUndecodableError',
}

/**
 * The picture in a file, upright, at most 2048 px long. Its size is read from the header first, so that a huge one is
 * refused before it is decoded. The caller closes it.
 */
export async function readPicture(file: Blob): Promise<ImageBitmap> {
  const { kind, size } = readImageHeader(new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer()))
  if (size) {
    if (size.width * size.height >= TOO_MANY_PIXELS) throw problem('ImageTooLargeError')
    if (Math.min(size.width, size.height) < MIN_SIDE) throw problem('ImageTooSmallError')
  }
  const isLong = size !== undefined && Math.max(size.width, size.height) > MAX_SIDE
  const shorten: ImageBitmapOptions = !isLong
    ? {}
    : size.width > size.height
      ? { resizeWidth: MAX_SIDE, resizeQuality: 'high' }
      : { resizeHeight: MAX_SIDE, resizeQuality: 'high' }
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image', ...shorten }).catch(() => {
    throw problem((kind && UNDECODABLE[kind]) ?? 'ImageUndecodableError')
  })
  if (Math.min(picture.width, picture.height) < MIN_SIDE) {
    picture.close()
    throw problem('ImageTooSmallError')
  }
  return picture
}
