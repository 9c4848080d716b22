/**
 * What the boxes of an MP4 or QuickTime file say that mediabunny keeps to itself: whether the file is whole, where edit
 * lists end, what is encrypted (ISO/IEC 14496-12 §4.2, §8.6.6, §8.12).
 */

export interface TrackBoxes {
  readonly id: number
  /** Where the edit list ends the track, seconds on the clip's clock; Infinity where it does not. */
  readonly endS: number
  /** More than one piece of the track, or one at another speed. */
  readonly isCutTogether: boolean
  readonly isEncrypted: boolean
}

export interface MovieBoxes {
  /** Without it nothing in the file can be found: the camera or program never finished writing. */
  readonly hasIndex: boolean
  /** The file ends before its boxes do. */
  readonly isTruncated: boolean
  readonly tracks: readonly TrackBoxes[]
}

/** An index of this size would be that of a film of days. */
const MAX_INDEX_BYTES = 512 * 1024 * 1024

export async function readMovieBoxes(file: Blob): Promise<MovieBoxes> {
  let hasIndex = false
  let isTruncated = false
  let tracks: readonly TrackBoxes[] = []
  for (let at = 0; at + 8 <= file.size; ) {
    const box = boxAt(await bytesOf(file, at, at + 16), 0, file.size - at)
    if (!box) {
      isTruncated = true
      break
    }
    const end = at + box.size
    if (end > file.size) isTruncated = true
    if (box.type === 'moov' && end <= file.size && box.size < MAX_INDEX_BYTES) {
      hasIndex = true
      tracks = readTracks(await bytesOf(file, at + box.head, end))
    }
    at = end
  }
  return { hasIndex, isTruncated, tracks }
}

async function bytesOf(file: Blob, from: number, to: number): Promise<DataView> {
  return new DataView(await file.slice(from, to).arrayBuffer())
}

interface Box {
  readonly type: string
  /** Bytes, its head included. */
  readonly size: number
  readonly head: number
}

/** undefined where no box can begin. `room`: bytes until the parent ends. */
function boxAt(data: DataView, at: number, room: number): Box | undefined {
  if (at + 8 > data.byteLength) return undefined
  const type = String.fromCharCode(...[4, 5, 6, 7].map((i) => data.getUint8(at + i)))
  const size = data.getUint32(at)
  if (size === 0) return { type, size: room, head: 8 } // to the end
  if (size === 1 && at + 16 <= data.byteLength) {
    return { type, size: Number(data.getBigUint64(at + 8)), head: 16 }
  }
  return size < 8 ? undefined : { type, size, head: 8 }
}

/** The children of a box whose contents these are. */
function children(contents: DataView): { readonly type: string; readonly contents: DataView }[] {
  const found: { type: string; contents: DataView }[] = []
  for (let at = 0; at < contents.byteLength; ) {
    const box = boxAt(contents, at, contents.byteLength - at)
    if (!box || at + box.size > contents.byteLength) break
    const start = contents.byteOffset + at + box.head
    found.push({ type: box.type, contents: new DataView(contents.buffer, start, box.size - box.head) })
    at += box.size
  }
  return found
}

function inside(contents: DataView, ...path: readonly string[]): DataView | undefined {
  let at: DataView | undefined = contents
  for (const type of path) at = at && children(at).find((child) => child.type === type)?.contents
  return at
}

function readTracks(movie: DataView): TrackBoxes[] {
  const header = inside(movie, 'mvhd')
  const timescale = header?.getUint32(header.getUint8(0) === 1 ? 20 : 12) ?? 0
  return children(movie)
    .filter(({ type }) => type === 'trak')
    .flatMap(({ contents }) => {
      const track = inside(contents, 'tkhd')
      if (!track) return []
      const samples = inside(contents, 'mdia', 'minf', 'stbl', 'stsd')
      const entry = samples && boxAt(samples, 8, samples.byteLength - 8)
      return [
        {
          id: track.getUint32(track.getUint8(0) === 1 ? 20 : 12),
          isEncrypted: entry?.type === 'encv' || entry?.type === 'enca' || entry?.type === 'drmi',
          ...readEdits(inside(contents, 'edts', 'elst'), timescale),
        },
      ]
    })
}

/** A list may begin with waiting (media time -1); what follows is shown for its duration, in ticks of the movie. */
function readEdits(
  list: DataView | undefined,
  timescale: number,
): Pick<TrackBoxes, 'endS' | 'isCutTogether'> {
  const whole = { endS: Number.POSITIVE_INFINITY, isCutTogether: false }
  if (!list || !timescale) return whole
  const isLong = list.getUint8(0) === 1
  const entrySize = isLong ? 20 : 12
  const count = Math.min(list.getUint32(4), Math.floor((list.byteLength - 8) / entrySize))
  let ticks = 0
  let pieces = 0
  let isOpen = false
  let isSlowed = false
  for (let i = 0; i < count; i++) {
    const at = 8 + i * entrySize
    const duration = isLong ? Number(list.getBigUint64(at)) : list.getUint32(at)
    const start = isLong ? Number(list.getBigInt64(at + 8)) : list.getInt32(at + 4)
    const rate = list.getInt32(at + entrySize - 4) / 65536
    ticks += duration
    if (start === -1) continue
    pieces++
    isOpen ||= duration === 0 // as fragmented files write it: as long as the track is
    isSlowed ||= rate !== 1
  }
  if (!pieces) return whole
  return { endS: isOpen ? whole.endS : ticks / timescale, isCutTogether: pieces > 1 || isSlowed }
}
