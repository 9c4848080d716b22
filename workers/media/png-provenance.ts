/** Says inside a PNG that the picture was made with a trained model. */
import { XMP } from './provenance'

/** Signature, then IHDR: length, name, 13 bytes, checksum. What we add comes right after. */
const AFTER_HEADER = 8 + 12 + 13

/** The same PNG with the statement in it. Throws a TypeError when the bytes are no PNG. */
export function withProvenance(png: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (new TextDecoder('latin1').decode(png.subarray(1, 4)) !== 'PNG')
    throw new TypeError('This is not a PNG.')
  // Keyword, no compression, no language, no translated keyword (PNG specification 11.3.3.4; XMP part 3).
  const text = new TextEncoder().encode(`XML:com.adobe.xmp\0\0\0\0\0${XMP}`)
  const chunk = new Uint8Array(12 + text.length)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, text.length)
  chunk.set(new TextEncoder().encode('iTXt'), 4)
  chunk.set(text, 8)
  view.setUint32(8 + text.length, crc32(chunk.subarray(4, 8 + text.length)))
  const marked = new Uint8Array(png.length + chunk.length)
  marked.set(png.subarray(0, AFTER_HEADER))
  marked.set(chunk, AFTER_HEADER)
  marked.set(png.subarray(AFTER_HEADER), AFTER_HEADER + chunk.length)
  return marked
}

/** PNG's checksum (ISO 3309), bit by bit: a few thousand bytes need no table. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
