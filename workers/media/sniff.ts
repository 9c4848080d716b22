/** What a file really is, by its first bytes. */

export type Container =
  | 'mp4'
  | 'mov'
  | 'webm'
  | 'mkv'
  | 'avi'
  | 'mpeg-ps'
  | 'mpeg-ts'
  | 'ogg'
  | 'flv'
  | 'asf'
  | 'y4m'
  | 'gif'
  | 'jpg'
  | 'png'
  | 'webp'
  | 'avif'
  | 'heic'
  | 'bmp'
  | 'audio'
  | 'empty'
  | 'unknown'

/** As people call it. */
export const CONTAINER_NAMES: Readonly<Record<Container, string>> = {
  mp4: 'MP4',
  mov: 'QuickTime',
  webm: 'WebM',
  mkv: 'Matroska',
  avi: 'AVI',
  'mpeg-ps': 'MPEG',
  'mpeg-ts': 'MPEG-TS',
  ogg: 'Ogg',
  flv: 'Flash Video',
  asf: 'Windows Media',
  y4m: 'Y4M',
  gif: 'GIF',
  jpg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  avif: 'AVIF',
  heic: 'HEIC',
  bmp: 'BMP',
  audio: 'audio',
  empty: 'empty',
  unknown: 'unknown',
}

/** Still or short pictures, which are no clips. */
export const PICTURES: ReadonlySet<Container> = new Set(['gif', 'jpg', 'png', 'webp', 'avif', 'heic', 'bmp'])

/** mediabunny does not know these. */
export const isReadByFfmpeg = (container: Container): boolean =>
  ['avi', 'mpeg-ps', 'ogg', 'flv', 'asf', 'y4m', 'unknown'].includes(container)

/** Enough for every signature, and for a few packets of MPEG. */
const HEAD_BYTES = 4096

export async function sniff(file: Blob): Promise<Container> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())
  return sniffBytes(head)
}

/** The kind of a file that begins with these bytes; a few hundred are enough for most. */
export function sniffBytes(head: Uint8Array): Container {
  if (head.length === 0) return 'empty'
  const text = (at: number, length: number) => String.fromCharCode(...head.subarray(at, at + length))
  const starts = (...bytes: readonly number[]) => bytes.every((byte, i) => head[i] === byte)

  const box = text(4, 4)
  if (box === 'ftyp') return brandOf(head, text)
  if (starts(0x1a, 0x45, 0xdf, 0xa3)) return docType(head, text)
  if (text(0, 4) === 'RIFF') return riff(text(8, 4))
  if (starts(0, 0, 1, 0xba)) return 'mpeg-ps'
  if (starts(0, 0, 1, 0xb3)) return 'mpeg-ps' // bare MPEG video; ffmpeg reads it all the same
  if (text(0, 4) === 'OggS') return oggKind(text)
  if (text(0, 3) === 'FLV') return 'flv'
  if (starts(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11)) return 'asf'
  if (text(0, 9) === 'YUV4MPEG2') return 'y4m'
  if (text(0, 4) === 'GIF8') return 'gif'
  if (starts(0xff, 0xd8, 0xff)) return 'jpg'
  if (starts(0x89, 0x50, 0x4e, 0x47)) return 'png'
  if (text(0, 2) === 'BM' && head[6] === 0 && head[8] === 0) return 'bmp'
  if (text(0, 3) === 'ID3' || text(0, 4) === 'fLaC' || isMpegAudio(head)) return 'audio'
  if (isTransportStream(head)) return 'mpeg-ts'
  // Old QuickTime files begin with their contents, without a word about themselves.
  if (['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'].includes(box)) return 'mov'
  if (['moof', 'styp', 'sidx'].includes(box)) return 'mp4'
  return 'unknown'
}

type Text = (at: number, length: number) => string

function brandOf(head: Uint8Array, text: Text): Container {
  const size = ((head[0] ?? 0) << 24) | ((head[1] ?? 0) << 16) | ((head[2] ?? 0) << 8) | (head[3] ?? 0)
  const brands = [text(8, 4)]
  for (let at = 16; at < Math.min(size, head.length); at += 4) brands.push(text(at, 4))
  const major = brands[0] ?? ''
  if (major === 'qt  ') return 'mov'
  if (/^avi[fs]$/.test(major)) return 'avif'
  if (/^(he[ivx][cmsx]|mif1|msf1)$/.test(major)) return brands.includes('avif') ? 'avif' : 'heic'
  return major === 'M4A ' || major === 'M4B ' ? 'audio' : 'mp4'
}

/** EBML tells its document type in the header's element 0x4282. */
function docType(head: Uint8Array, text: Text): Container {
  for (let at = 4; at < Math.min(head.length, 64); at++) {
    if (head[at] !== 0x42 || head[at + 1] !== 0x82) continue
    const length = (head[at + 2] ?? 0x80) & 0x7f
    return text(at + 3, length).startsWith('webm') ? 'webm' : 'mkv'
  }
  return 'mkv'
}

function riff(form: string): Container {
  if (form === 'AVI ') return 'avi'
  if (form === 'WEBP') return 'webp'
  return form === 'WAVE' ? 'audio' : 'unknown'
}

/** The first packets name the codecs; those of video come first. */
function oggKind(text: Text): Container {
  const start = text(0, 512)
  const names = (marks: readonly string[]) => marks.some((mark) => start.includes(mark))
  if (names(['\x80theora', 'OVP80', '\x01video', 'BBCD', 'fishead'])) return 'ogg'
  return names(['\x01vorbis', 'OpusHead', '\x7fFLAC', 'Speex']) ? 'audio' : 'ogg'
}

/** Packets of 188 bytes (on Blu-rays with four bytes before each) begin with 0x47. */
function isTransportStream(head: Uint8Array): boolean {
  return [
    [0, 188],
    [4, 192],
  ].some(([first = 0, size = 188]) => {
    const packets = Math.min(5, Math.floor((head.length - first) / size))
    return (
      packets > 1 &&
      Array.from({ length: packets }, (_, i) => head[first + i * size]).every((b) => b === 0x47)
    )
  })
}

/** A frame of MP3 or ADTS begins with eleven or twelve set bits, and with fields that are not forbidden. */
function isMpegAudio(head: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0] = head
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return false
  if ((second & 0xf6) === 0xf0) return true // ADTS
  return (second & 0x06) !== 0 && (third & 0xf0) !== 0xf0 && (third & 0x0c) !== 0x0c
}
