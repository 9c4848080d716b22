import { malformed } from '../refusals'
import type { ByteReader } from './byte-reader'
import type { Picture } from './inspected'

const EXTENSION = 0x21
const FRAME = 0x2c
const END = 0x3b

/** Walks the blocks of a GIF up to its trailer. */
export async function readGif(file: ByteReader): Promise<Picture> {
  const screen = await file.bytes(6, 7)
  let [width, height] = [screen.readUInt16LE(0), screen.readUInt16LE(2)]
  let hasPixels = false
  for (let at = 13 + paletteBytes(screen[4]); ; ) {
    const [block] = await file.bytes(at, 1)
    if (block === END) {
      if (!hasPixels) throw malformed('the picture has no pixels')
      return { kind: 'image', type: 'image/gif', width, height, end: at + 1 }
    }
    if (block === EXTENSION) at = await endOfData(file, at + 2)
    else if (block === FRAME) {
      const frame = await file.bytes(at, 10)
      // A frame may lie beside the screen; whoever draws it makes room for it.
      width = Math.max(width, frame.readUInt16LE(1) + frame.readUInt16LE(5))
      height = Math.max(height, frame.readUInt16LE(3) + frame.readUInt16LE(7))
      hasPixels = true
      at = await endOfData(file, at + 11 + paletteBytes(frame[9]))
    } else throw malformed('a part of the picture is unknown')
  }
}

const paletteBytes = (flags = 0) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)

/** Data comes in blocks of up to 255 bytes, each after its length; an empty one is the last. */
async function endOfData(file: ByteReader, from: number): Promise<number> {
  for (let at = from; ; ) {
    const [length = 0] = await file.bytes(at, 1)
    at += 1 + length
    if (length === 0) return at
  }
}
