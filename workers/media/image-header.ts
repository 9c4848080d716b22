/** What a picture file says about itself in its first bytes: kind, size, orientation. Nothing is decoded. */

export type ImageKind = 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp' | 'avif' | 'heic' | 'tiff' | 'svg' | 'video'

export interface ImageHeader {
  readonly kind: ImageKind | undefined
  /** Upright, as a viewer shows it; undefined where the first bytes do not tell. */
  readonly size: { readonly width: number; readonly height: number } | undefined
}

/** Bytes of a file that are enough for nearly every picture; JPEG thumbnails and profiles can be long. */
export const HEADER_BYTES = 1 << 20

export function readImageHeader(bytes: Uint8Array): ImageHeader {
  const kind = sniff(bytes)
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return { kind, size: kind && READERS[kind]?.(view) }
  } catch (error) {
    // A header cut short: DataView reads past the end.
    if (error instanceof RangeError) return { kind, size: undefined }
    throw error
  }
}

type Size = ImageHeader['size']

const READERS: Partial<Record<ImageKind, (view: DataView) => Size>> = {
  jpeg: jpegSize,
  png: (view) => ({ width: view.getUint32(16), height: view.getUint32(20) }),
  gif: (view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }),
  webp: webpSize,
  bmp: (view) => ({ width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) }),
  avif: boxedSize,
  heic: boxedSize,
}

const ascii = (bytes: Uint8Array, start: number, end: number) =>
  String.fromCharCode(...bytes.subarray(start, end))

function sniff(bytes: Uint8Array): ImageKind | undefined {
  const head = ascii(bytes, 0, 16)
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'gif'
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp'
  if (head.startsWith('BM')) return 'bmp'
  if (head.startsWith('II*\0') || head.startsWith('MM\0*')) return 'tiff'
  if (head.slice(4, 8) === 'ftyp') {
    const brands = ascii(bytes, 8, 64)
    if (/avi[fs]/.test(brands)) return 'avif'
    return /hei[cxms]|hev[cx]|mif1|msf1/.test(brands) ? 'heic' : 'video'
  }
  if (head.startsWith('\x1aE\xdf\xa3')) return 'video'
  return /^\s*(<\?xml[\s\S]*?)?(<!--[\s\S]*?-->\s*)*(<!doctype svg[\s\S]*?>\s*)?<svg[\s>]/i.test(
    ascii(bytes, 0, 1024),
  )
    ? 'svg'
    : undefined
}

/** Walks the segments up to the frame header (SOFn), noting the orientation in an Exif segment on the way. */
function jpegSize(view: DataView): Size {
  let turned = false
  let at = 2
  for (;;) {
    while (view.getUint8(at) === 0xff && view.getUint8(at + 1) === 0xff) at++ // fill bytes
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) {
      const height = view.getUint16(at + 5)
      const width = view.getUint16(at + 7)
      return turned ? { width: height, height: width } : { width, height }
    }
    if (marker === 0xe1) turned ||= exifOrientation(view, at + 4) >= 5
    if (marker === 0xda) return undefined // picture data before any frame header
    at += 2 + view.getUint16(at + 2)
  }
}

/** 1..8 as in Exif; 5 and more lie on their side. `at` is where a segment's content starts. */
function exifOrientation(view: DataView, at: number): number {
  if (view.getUint32(at) !== 0x45786966) return 1 // "Exif"
  const tiff = at + 6
  const little = view.getUint16(tiff) === 0x4949
  const directory = tiff + view.getUint32(tiff + 4, little)
  const entries = view.getUint16(directory, little)
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12
    if (view.getUint16(entry, little) === 0x0112) return view.getUint16(entry + 8, little)
  }
  return 1
}

/** https://developers.google.com/speed/webp/docs/riff_container */
function webpSize(view: DataView): Size {
  const chunk = view.getUint32(12)
  const uint24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
  if (chunk === 0x56503858) return { width: uint24(24) + 1, height: uint24(27) + 1 } // VP8X
  if (chunk === 0x5650384c) {
    const bits = view.getUint32(21, true) // VP8L
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff } // VP8
}

/** The largest 'ispe' box of a HEIF container: tiles and thumbnails have smaller ones of their own. */
function boxedSize(view: DataView): Size {
  let size: Size
  for (let at = 0; at + 16 <= Math.min(view.byteLength, 1 << 16); at++) {
    if (view.getUint32(at) !== 0x69737065) continue // "ispe"
    const found = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) }
    if (!size || found.width * found.height > size.width * size.height) size = found
  }
  return size
}
