/** What a file is, by its first bytes; never by its name or by what the sender says. */
import type { FileKind } from '../files'

/** How many bytes `sniff` needs to see, where the file has them. */
export const HEAD_BYTES = 256

export type MediaFormat =
  | 'png'
  | 'jpeg'
  | 'webp'
  | 'gif'
  | 'bmp'
  | 'avif'
  | 'heic'
  | 'mp4' // and what shares its boxes: MOV, M4V, M4A
  | 'matroska' // and WebM
  | 'avi'
  | 'mp3'
  | 'wav'
  | 'ogg'
  | 'flac'

/** What is known once a file's structure was read. */
export interface Media {
  readonly kind: FileKind
  readonly type: string // MIME
}

/** The kinds that a format can turn out to be. */
export const KINDS = {
  png: ['image'],
  jpeg: ['image'],
  webp: ['image'],
  gif: ['image'],
  bmp: ['image'],
  avif: ['image'],
  heic: ['image'],
  mp4: ['video', 'audio'],
  matroska: ['video', 'audio'],
  avi: ['video'],
  mp3: ['audio'],
  wav: ['audio'],
  ogg: ['audio'],
  flac: ['audio'],
} as const satisfies Record<MediaFormat, readonly FileKind[]>

const avifBrands = new Set(['avif', 'avis'])
const heicBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs', 'mif1', 'msf1'])
/** Boxes that a QuickTime film older than `ftyp` begins with. */
const oldFilms = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'])

/** The format that a file begins as; undefined for all others. */
export function sniff(head: Uint8Array): MediaFormat | undefined {
  const text = (start: number, end: number) => String.fromCharCode(...head.subarray(start, end))
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (text(0, 3) === '\xff\xd8\xff') return 'jpeg'
  if (/^GIF8[79]a$/.test(text(0, 6))) return 'gif'
  if (text(0, 4) === 'RIFF') return riffs[text(8, 12)]
  if (text(4, 8) === 'ftyp') return formatOfBrand(text(8, 12), head)
  if (oldFilms.has(text(4, 8))) return 'mp4'
  if (text(0, 4) === '\x1a\x45\xdf\xa3') return 'matroska'
  if (text(0, 4) === 'OggS') return 'ogg'
  if (text(0, 4) === 'fLaC') return 'flac'
  if (text(0, 3) === 'ID3' || isMp3Frame(head)) return 'mp3'
  // Two letters are weak evidence: the rest of the header is checked with the structure.
  if (text(0, 2) === 'BM') return 'bmp'
  return undefined
}

const riffs: Readonly<Record<string, MediaFormat>> = { WEBP: 'webp', 'AVI ': 'avi', WAVE: 'wav' }

function formatOfBrand(major: string, head: Uint8Array): MediaFormat {
  if (avifBrands.has(major)) return 'avif'
  if (!heicBrands.has(major)) return 'mp4'
  // 'mif1' says only that it is a picture; the brands it is compatible with say which.
  const size = Math.min(new DataView(head.buffer, head.byteOffset).getUint32(0), head.length)
  for (let at = 16; at + 4 <= size; at += 4) {
    if (avifBrands.has(String.fromCharCode(...head.subarray(at, at + 4)))) return 'avif'
  }
  return 'heic'
}

/** Eleven ones, MPEG version, layer III, and neither a reserved bit rate nor a reserved sampling rate. */
function isMp3Frame([first = 0, second = 0, third = 0]: Uint8Array): boolean {
  const isSync = first === 0xff && (second & 0xe0) === 0xe0 && (second & 0x18) !== 0x08
  return (
    isSync && (second & 0x06) === 0x02 && third >> 4 !== 15 && third >> 4 !== 0 && (third & 0x0c) !== 0x0c
  )
}
