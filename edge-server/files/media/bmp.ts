import { malformed } from '../refusals'
import type { ByteReader } from './byte-reader'
import type { Picture } from './inspected'

const headerSizes = [40, 52, 56, 108, 124]
const plain = [0, 3, 6] // not packed, with or without masks for the colours

/** Computes from the header of a BMP where its pixels, or its colour profile, end: the size it tells is the sender's word. */
export async function readBmp(file: ByteReader): Promise<Picture> {
  const head = await file.bytes(0, 54)
  const pixels = head.readUInt32LE(10)
  const headerSize = head.readUInt32LE(14)
  const [width, height] = [head.readInt32LE(18), Math.abs(head.readInt32LE(22))]
  const bits = head.readUInt16LE(28)
  const isKnown = headerSizes.includes(headerSize) && [1, 4, 8, 16, 24, 32].includes(bits)
  if (!isKnown || width <= 0 || !plain.includes(head.readUInt32LE(30)) || pixels < 14 + headerSize) {
    throw malformed('its header is none that BMP files have')
  }
  const palette = bits <= 8 ? 4 * (head.readUInt32LE(46) || 2 ** bits) : 0
  if (pixels > 14 + headerSize + 12 + palette + 4) throw malformed('something lies before the pixels')
  let end = pixels + Math.ceil((width * bits) / 32) * 4 * height
  if (headerSize === 124) {
    const more = await file.bytes(14, 124)
    const [profile, profileBytes] = [more.readUInt32LE(112), more.readUInt32LE(116)]
    if (profileBytes > 0 && 14 + profile === end) end += profileBytes
  }
  return { kind: 'image', type: 'image/bmp', width, height, end }
}
