/** Matroska and WebM: elements in elements, each an id, a length, and bytes; a length may be left open by who records. */
import { malformed } from '../refusals'
import type { ByteReader } from './byte-reader'
import type { Inspected } from './inspected'

const HEADER = 0x1a45dfa3
const DOC_TYPE = 0x4282
const SEGMENT = 0x18538067
const CLUSTER = 0x1f43b675
const TRACKS = 0x1654ae6b
const TRACK = 0xae
const TRACK_TYPE = 0x83
const VOID = 0xec
const CHECKSUM = 0xbf

/** Seek head, info, tracks, clusters, cues, attachments, chapters, tags. */
const ofSegment = new Set([
  0x114d9b74,
  0x1549a966,
  TRACKS,
  CLUSTER,
  0x1c53bb6b,
  0x1941a469,
  0x1043a770,
  0x1254c367,
  VOID,
  CHECKSUM,
])
/** Time, position, size of the one before, blocks, silent tracks. */
const ofCluster = new Set([0xe7, 0xa7, 0xab, 0xa3, 0xa0, 0xaf, 0x5854, VOID, CHECKSUM])

interface Element {
  readonly id: number
  readonly at: number // of its bytes
  /** Undefined: it ends where something begins that cannot be in it. */
  readonly end: number | undefined
}

/** The element at `at`; both of its numbers tell their own length by the zeros they begin with. */
async function elementAt(file: ByteReader, at: number, limit: number): Promise<Element> {
  const head = await file.bytes(at, Math.min(12, limit - at))
  const idBytes = Math.clz32(head[0] ?? 0) - 23
  const first = head[idBytes] ?? 0
  const sizeBytes = Math.clz32(first) - 23
  const start = at + idBytes + sizeBytes
  if (idBytes > 4 || sizeBytes > 8 || idBytes + sizeBytes > head.length)
    throw malformed('a part of it is unknown')
  let size = first & (0xff >> sizeBytes)
  let isOpen = size === 0xff >> sizeBytes
  for (let i = 1; i < sizeBytes; i++) {
    const byte = head[idBytes + i] ?? 0
    size = size * 256 + byte
    isOpen &&= byte === 0xff
  }
  if (!isOpen && start + size > limit) throw malformed('it ends too early')
  return { id: head.readUIntBE(0, idBytes), at: start, end: isOpen ? undefined : start + size }
}

/** A film or sound in Matroska or WebM. Its elements are followed to the end of the file. */
export async function readMatroska(file: ByteReader): Promise<Inspected> {
  const header = await elementAt(file, 0, file.size)
  if (header.id !== HEADER || header.end === undefined) throw malformed('it has no header')
  const docType = await docTypeOf(file, header.at, header.end)
  const kinds = new Set<number>()
  let segments = 0
  let at = header.end
  while (at < file.size) {
    const element = await elementAt(file, at, file.size)
    if (element.id === SEGMENT) {
      segments++
      at = await endOfSegment(file, element, kinds)
    } else if (element.id === VOID && element.end !== undefined) at = element.end
    else throw malformed('something follows the film')
  }
  const container = docType === 'webm' ? 'webm' : 'x-matroska'
  const kind = kinds.has(1) ? 'video' : kinds.has(2) ? 'audio' : undefined
  if (segments === 0 || !kind) throw malformed('there is no film in it')
  return { kind, type: `${kind}/${container}`, end: file.size }
}

async function docTypeOf(file: ByteReader, from: number, end: number): Promise<string> {
  for (let at = from; at < end; ) {
    const element = await elementAt(file, at, end)
    if (element.end === undefined) break
    const text = (await file.text(element.at, Math.min(16, element.end - element.at))).replace(/\0+$/, '')
    if (element.id === DOC_TYPE && (text === 'webm' || text === 'matroska')) return text
    at = element.end
  }
  throw malformed('it is neither WebM nor Matroska')
}

/** Collects the types of the tracks and gives the offset after the segment. */
async function endOfSegment(file: ByteReader, segment: Element, kinds: Set<number>): Promise<number> {
  const limit = segment.end ?? file.size
  let at = segment.at
  while (at < limit) {
    const element = await elementAt(file, at, limit)
    if (!ofSegment.has(element.id)) throw malformed('a part of it is unknown')
    if (element.id === TRACKS && element.end !== undefined)
      await readTracks(file, element.at, element.end, kinds)
    if (element.end === undefined && element.id !== CLUSTER) throw malformed('a part of it has no end')
    at = element.end ?? (await endOfCluster(file, element.at, limit))
  }
  return at
}

async function endOfCluster(file: ByteReader, from: number, limit: number): Promise<number> {
  for (let at = from; at < limit; ) {
    const element = await elementAt(file, at, limit)
    if (!ofCluster.has(element.id)) return at
    if (element.end === undefined) throw malformed('a part of it has no end')
    at = element.end
  }
  return limit
}

async function readTracks(file: ByteReader, from: number, end: number, kinds: Set<number>): Promise<void> {
  for (let at = from; at < end; ) {
    const element = await elementAt(file, at, end)
    if (element.end === undefined) throw malformed('a part of it has no end')
    if (element.id === TRACK) await readTracks(file, element.at, element.end, kinds)
    if (element.id === TRACK_TYPE) kinds.add((await file.bytes(element.at, 1))[0] ?? 0)
    at = element.end
  }
}
