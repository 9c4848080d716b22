import { malformed } from '../refusals'
import type { ByteReader } from './byte-reader'
import type { Picture } from './inspected'

/** Walks the chunks of a PNG up to its last, IEND. */
export async function readPng(file: ByteReader): Promise<Picture> {
  if ((await file.text(12, 4)) !== 'IHDR') throw malformed('the picture has no header')
  const [width, height] = [await file.uint32(16), await file.uint32(20)]
  let hasPixels = false
  for (let at = 8; ; ) {
    const head = await file.bytes(at, 8)
    const [length, name] = [head.readUInt32BE(), head.toString('latin1', 4)]
    if (!/^[A-Za-z]{4}$/.test(name)) throw malformed('a part of the picture is unknown')
    at += 12 + length // length, name, bytes, check sum
    if (at > file.size) throw malformed('it ends too early')
    hasPixels ||= name === 'IDAT'
    if (name !== 'IEND') continue
    if (!hasPixels) throw malformed('the picture has no pixels')
    return { kind: 'image', type: 'image/png', width, height, end: at }
  }
}
