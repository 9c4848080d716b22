/** Sound that boxes make. Nobody can send it here, so it is enough to know what it is. */
import { malformed } from '../refusals'
import type { ByteReader } from './byte-reader'
import type { Inspected } from './inspected'

/** Walks the pages of an Ogg file. */
export async function readOgg(file: ByteReader): Promise<Inspected> {
  let at = 0
  while (at < file.size) {
    const head = await file.bytes(at, 27)
    if (head.toString('latin1', 0, 4) !== 'OggS') throw malformed('something lies between its pages')
    const segments = head[26] ?? 0
    const lengths = await file.bytes(at + 27, segments)
    at += 27 + segments + lengths.reduce((sum, length) => sum + length, 0)
  }
  return { kind: 'audio', type: 'audio/ogg', end: at }
}

export const readFlac = async ({ size }: ByteReader): Promise<Inspected> => ({
  kind: 'audio',
  type: 'audio/flac',
  end: size,
})

export const readMp3 = async ({ size }: ByteReader): Promise<Inspected> => ({
  kind: 'audio',
  type: 'audio/mpeg',
  end: size,
})
