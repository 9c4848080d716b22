/** Says inside a still picture that it was made with a trained model, where its format has a place for that. */
import { withProvenance as pngWithProvenance } from './png-provenance'
import { XMP } from './provenance'

type Bytes = Uint8Array<ArrayBuffer>

const WRITERS: Readonly<Record<string, (bytes: Bytes) => Bytes>> = {
  'image/png': pngWithProvenance,
  'image/jpeg': jpegWithProvenance,
  'image/webp': webpWithProvenance,
}

/** The same picture with the statement in it. Throws a TypeError when the bytes are not what the type says. */
export async function withStillProvenance(picture: Blob): Promise<Blob> {
  const write = WRITERS[picture.type]
  if (!write) throw new TypeError(`Nothing can be written into ${picture.type}.`)
  return new Blob([write(new Uint8Array(await picture.arrayBuffer()))], { type: picture.type })
}

const ascii = (text: string): Bytes => new TextEncoder().encode(text)
const textAt = (bytes: Bytes, start: number, length: number): string =>
  new TextDecoder('latin1').decode(bytes.subarray(start, start + length))

function joined(...parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** An APP1 segment (XMP specification part 3, 1.1.3) after JFIF's own, which must come first. */
function jpegWithProvenance(jpeg: Bytes): Bytes {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  if (jpeg.length < 4 || view.getUint16(0) !== 0xffd8) throw new TypeError('This is not a JPEG.')
  const hasJfif = view.getUint16(2) === 0xffe0
  const at = hasJfif ? 4 + view.getUint16(4) : 2
  const content = joined(ascii('http://ns.adobe.com/xap/1.0/\0'), ascii(XMP))
  const head = new Uint8Array(4)
  new DataView(head.buffer).setUint16(0, 0xffe1)
  new DataView(head.buffer).setUint16(2, content.length + 2) // the length counts itself
  return joined(jpeg.subarray(0, at), head, content, jpeg.subarray(at))
}

const HAS_XMP = 0x04
const HAS_ALPHA = 0x10

/** An 'XMP ' chunk at the end; a simple file gets the extended header that such chunks ask for. */
function webpWithProvenance(webp: Bytes): Bytes {
  if (textAt(webp, 0, 4) !== 'RIFF' || textAt(webp, 8, 4) !== 'WEBP')
    throw new TypeError('This is not a WebP.')
  const first = textAt(webp, 12, 4)
  const extended = first === 'VP8X' ? webp.slice(12, 30) : riffChunk('VP8X', extendedHeader(webp, first))
  extended[8] = (extended[8] ?? 0) | HAS_XMP
  const rest = webp.subarray(first === 'VP8X' ? 30 : 12)
  const out = joined(webp.subarray(0, 12), extended, rest, riffChunk('XMP ', ascii(XMP)))
  new DataView(out.buffer).setUint32(4, out.length - 8, true)
  return out
}

/** Flags, three bytes reserved, width − 1 and height − 1 in three bytes each, as the lossy or lossless stream has them. */
function extendedHeader(webp: Bytes, kind: string): Bytes {
  const view = new DataView(webp.buffer, webp.byteOffset, webp.byteLength)
  const lossless = kind === 'VP8L'
  if (!lossless && kind !== 'VP8 ') throw new TypeError('This WebP has an unknown kind of picture.')
  const bits = lossless ? view.getUint32(21, true) : 0
  const width = lossless ? bits & 0x3fff : (view.getUint16(26, true) & 0x3fff) - 1
  const height = lossless ? (bits >>> 14) & 0x3fff : (view.getUint16(28, true) & 0x3fff) - 1
  const header = new Uint8Array(10)
  if (lossless && (bits >>> 28) & 1) header[0] = HAS_ALPHA
  for (let i = 0; i < 3; i++) {
    header[4 + i] = (width >>> (8 * i)) & 0xff
    header[7 + i] = (height >>> (8 * i)) & 0xff
  }
  return header
}

/** Name, length, content, and a byte of padding when that is odd. */
function riffChunk(name: string, content: Bytes): Bytes {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, content.length, true)
  return joined(ascii(name), length, content, new Uint8Array(content.length % 2))
}
