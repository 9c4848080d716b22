/** The family of RIFF: chunks of a name of four letters, a length, and bytes, padded to even. */
import { malformed } from '../refusals'
import type { ByteReader } from './byte-reader'
import type { Inspected, Picture } from './inspected'

interface Chunk {
  readonly name: string
  readonly at: number // of its bytes
  readonly length: number
}

/** The chunks of one RIFF that begins at `at`; its end is given last. */
async function* chunksOf(file: ByteReader, at: number): AsyncGenerator<Chunk, number> {
  const end = at + 8 + (await file.bytes(at + 4, 4)).readUInt32LE()
  if (end > file.size) throw malformed('it ends too early')
  for (let next = at + 12; next < end; ) {
    const head = await file.bytes(next, 8)
    const [name, length] = [head.toString('latin1', 0, 4), head.readUInt32LE(4)]
    if (next + 8 + length > end) throw malformed('a part is longer than the whole')
    yield { name, at: next + 8, length }
    next += 8 + length + (length % 2)
  }
  return end + (end % 2 && end < file.size ? 1 : 0)
}

async function read(file: ByteReader, at: number, see: (chunk: Chunk) => Promise<void>): Promise<number> {
  const chunks = chunksOf(file, at)
  for (let next = await chunks.next(); ; next = await chunks.next()) {
    if (next.done) return next.value
    await see(next.value)
  }
}

/** A WebP picture, still or moving. */
export async function readWebp(file: ByteReader): Promise<Picture> {
  let size: { width: number; height: number } | undefined
  const end = await read(file, 0, async ({ name, at }) => {
    size ??= await sizeOf(file, name, at)
  })
  if (!size) throw malformed('the picture has no pixels')
  return { kind: 'image', type: 'image/webp', ...size, end }
}

async function sizeOf(file: ByteReader, name: string, at: number) {
  if (name === 'VP8X') {
    const bytes = await file.bytes(at, 10)
    return { width: bytes.readUIntLE(4, 3) + 1, height: bytes.readUIntLE(7, 3) + 1 }
  }
  if (name === 'VP8 ') {
    const bytes = await file.bytes(at, 10)
    return { width: bytes.readUInt16LE(6) & 0x3fff, height: bytes.readUInt16LE(8) & 0x3fff }
  }
  if (name === 'VP8L') {
    const bits = (await file.bytes(at + 1, 4)).readUInt32LE()
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  return undefined
}

/** An AVI film: one RIFF, and more of them where it is long. */
export async function readAvi(file: ByteReader): Promise<Inspected> {
  const lists = new Set<string>()
  let end = 0
  do {
    const [name, form] = [await file.text(end, 4), await file.text(end + 8, 4)]
    if (name !== 'RIFF' || form !== (end === 0 ? 'AVI ' : 'AVIX'))
      throw malformed('something follows the film')
    end = await read(file, end, async (chunk) => {
      if (chunk.name === 'LIST') lists.add(await file.text(chunk.at, 4))
    })
  } while (end < file.size)
  if (!lists.has('hdrl') || !lists.has('movi')) throw malformed('the film has no pictures')
  return { kind: 'video', type: 'video/x-msvideo', end }
}

export async function readWav(file: ByteReader): Promise<Inspected> {
  const names = new Set<string>()
  const end = await read(file, 0, async ({ name }) => {
    names.add(name)
  })
  if (!names.has('fmt ') || !names.has('data')) throw malformed('there is no sound in it')
  return { kind: 'audio', type: 'audio/wav', end }
}
