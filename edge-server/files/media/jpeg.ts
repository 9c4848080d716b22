import { malformed } from '../refusals'
import type { ByteReader } from './byte-reader'
import type { Picture } from './inspected'

const END = 0xd9
const SCAN = 0xda
/** Markers that begin a frame and tell its size: all of C0..CF but tables (C4, CC) and an extension (C8). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
/** Markers that nothing follows. */
const isLone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)

/** Walks the segments of a JPEG up to its end marker. */
export async function readJpeg(file: ByteReader): Promise<Picture> {
  let size: { width: number; height: number } | undefined
  let hasPixels = false
  for (let at = 2; ; ) {
    const [first, marker = 0] = await file.bytes(at, 2)
    if (first !== 0xff) throw malformed('the picture is broken off')
    at += 1
    if (marker === 0xff) continue // fill
    at += 1
    if (marker === END) {
      if (!size || !hasPixels) throw malformed('the picture has no pixels')
      return { kind: 'image', type: 'image/jpeg', ...size, end: await cutTrailer(file, at) }
    }
    if (isLone(marker)) continue
    const length = (await file.bytes(at, 2)).readUInt16BE()
    if (length < 2) throw malformed('a part of the picture has no length')
    if (isFrame(marker)) {
      const frame = await file.bytes(at, 7)
      size ??= { height: frame.readUInt16BE(3), width: frame.readUInt16BE(5) }
    }
    at += length
    if (marker !== SCAN) continue
    hasPixels = true
    at = await endOfScan(file, at)
  }
}

/** Offset of the marker after the coded pixels, in which FF stands before 00 and before restart markers only. */
async function endOfScan(file: ByteReader, from: number): Promise<number> {
  for (let at = from; ; ) {
    const part = await file.some(at, 2)
    if (part.length < 2) throw malformed('it ends too early')
    const found = part.indexOf(0xff)
    if (found < 0 || found === part.length - 1) {
      at += found < 0 ? part.length : found // the byte after FF is in the next window
      continue
    }
    const next = part[found + 1] ?? 0
    if (next !== 0 && !isLone(next)) return at + found
    at += found + 2
  }
}

/**
 * Phones put things behind a picture: a second one with more light (Ultra HDR, Multi-Picture Format), a short film (motion photo),
 * notes (Samsung), zeros. All of that is cut off, so that what is kept is the picture alone. Anything else behind it is refused.
 */
async function cutTrailer(file: ByteReader, end: number): Promise<number> {
  if (end === file.size) return end
  const head = (await file.some(end, 12)).subarray(0, 12).toString('latin1')
  const isPicture = head.startsWith('\xff\xd8\xff')
  const isFilm = head.slice(4, 8) === 'ftyp'
  const isSamsung = (await file.text(Math.max(end, file.size - 4), Math.min(4, file.size - end))) === 'SEFT'
  if (isPicture || isFilm || isSamsung || (await isBlank(file, end))) return end
  throw malformed('something follows the picture')
}

async function isBlank(file: ByteReader, from: number): Promise<boolean> {
  for (let at = from; at < file.size; ) {
    const part = await file.some(at)
    if (part.length === 0 || part.some((byte) => byte !== 0)) return false
    at += part.length
  }
  return true
}
