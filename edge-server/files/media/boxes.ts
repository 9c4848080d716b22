/** The family of MP4: boxes in boxes, each a length, a name of four letters, and bytes. */
import { malformed } from '../refusals'
import type { ByteReader } from './byte-reader'
import type { Inspected, Picture } from './inspected'

interface Box {
  readonly name: string
  readonly at: number // of its bytes
  readonly end: number
}

/** More than a day of film in pieces of a second; a file of nothing but boxes is made to keep us busy. */
const maxBoxes = 200_000

async function* boxesOf(file: ByteReader, from: number, end: number): AsyncGenerator<Box, void> {
  let count = 0
  for (let at = from; at < end; ) {
    if (++count > maxBoxes) throw malformed('it has too many parts')
    const head = await file.bytes(at, 8)
    const name = head.toString('latin1', 4)
    let length = head.readUInt32BE()
    let headBytes = 8
    if (length === 1) {
      length = Number((await file.bytes(at + 8, 8)).readBigUInt64BE())
      headBytes = 16
    } else if (length === 0) length = end - at // up to the end
    if (length < headBytes || at + length > end) throw malformed('a part is longer than the whole')
    if (!/^[\x20-\x7e\xa9][\x20-\x7e]{3}$/.test(name)) throw malformed('a part of it is unknown')
    yield { name, at: at + headBytes, end: at + length }
    at += length
  }
}

/** The boxes found by following the names inwards. */
async function* within(
  file: ByteReader,
  box: Box,
  [name, ...names]: readonly string[],
): AsyncGenerator<Box, void> {
  if (name === undefined) return yield box
  for await (const inner of boxesOf(file, box.at, box.end)) {
    if (inner.name === name) yield* within(file, inner, names)
  }
}

/** A film or sound in MP4 or QuickTime. All of the file is boxes, and a track tells which it is. */
export async function readMp4(file: ByteReader): Promise<Inspected> {
  const handlers = new Set<string>()
  const names = new Set<string>()
  for await (const box of boxesOf(file, 0, file.size)) {
    names.add(box.name)
    if (box.name !== 'moov') continue
    for await (const handler of within(file, box, ['trak', 'mdia', 'hdlr'])) {
      handlers.add(await file.text(handler.at + 8, 4))
    }
  }
  if (!names.has('mdat')) throw malformed('there is no film in it')
  const isQuickTime = !names.has('ftyp') || (await file.text(8, 4)) === 'qt  '
  const end = file.size
  if (handlers.has('vide')) return { kind: 'video', type: isQuickTime ? 'video/quicktime' : 'video/mp4', end }
  if (handlers.has('soun')) return { kind: 'audio', type: 'audio/mp4', end }
  throw malformed('there is no film in it')
}

/** A picture in AVIF. */
export async function readAvif(file: ByteReader): Promise<Picture> {
  let [width, height] = [0, 0]
  for await (const box of boxesOf(file, 0, file.size)) {
    if (box.name !== 'meta') continue
    const full = { ...box, at: box.at + 4 } // after version and flags
    for await (const { at } of within(file, full, ['iprp', 'ipco', 'ispe'])) {
      width = Math.max(width, await file.uint32(at + 4))
      height = Math.max(height, await file.uint32(at + 8))
    }
  }
  return { kind: 'image', type: 'image/avif', width, height, end: file.size }
}
