/**
 * Mediabunny's WebM has no place for how long a frame lasts nor for what is to be cut off the beginning of Opus. We give its
 * tracks names, which are of no use there, and write those two over them.
 */

/** A Name element of 27 bytes: identifier, size, and these. */
export const VIDEO_ROOM = 'room for frame duration.'
export const AUDIO_ROOM = 'room for codec delay....'
const NAME = [0x53, 0x6e, 0x80 | VIDEO_ROOM.length]

const DEFAULT_DURATION = [0x23, 0xe3, 0x83]
const CODEC_DELAY = [0x56, 0xaa]
const VOID = 0xec

export interface Patch {
  readonly position: number
  readonly data: Uint8Array<ArrayBuffer>
}

/** What to write where. `header` begins at `position` of the file. */
export function roomPatches(
  header: Uint8Array,
  position: number,
  frameS: number | undefined,
  codecDelayS: number,
): readonly Patch[] {
  return [
    patch(header, position, VIDEO_ROOM, DEFAULT_DURATION, frameS),
    patch(header, position, AUDIO_ROOM, CODEC_DELAY, codecDelayS || undefined),
  ].filter((found) => found !== undefined)
}

function patch(
  header: Uint8Array,
  position: number,
  room: string,
  id: readonly number[],
  seconds: number | undefined,
): Patch | undefined {
  const name = [...NAME, ...new TextEncoder().encode(room)]
  const at = header.findIndex((_, start) => name.every((byte, i) => header[start + i] === byte))
  if (at < 0) return undefined
  const data = new Uint8Array(name.length)
  const used = seconds === undefined ? 0 : id.length + 5
  if (seconds !== undefined) {
    data.set([...id, 0x84])
    new DataView(data.buffer).setUint32(id.length + 1, Math.round(seconds * 1e9)) // nanoseconds
  }
  data.set([VOID, 0x80 | (data.length - used - 2)], used)
  return { position: position + at, data }
}
