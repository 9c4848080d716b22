/** When the frames of a clip are shown, from its packets alone. */
import { EncodedPacketSink, type InputVideoTrack } from 'mediabunny'
import type { Span } from '../clip/clip-job'

export interface Moment {
  readonly timeS: number
  readonly durationS: number
}

export interface ScheduleOptions {
  /** Frames from here on are cut away by the file's own edit list; seconds. */
  readonly endS: number
  /** The file broke off: its index names packets that are not there, so each is looked for. */
  readonly isTruncated: boolean
}

/** Times that went through other hands (a slider, microseconds) may be a hair beside the frame they mean. */
const HAIR_S = 2e-6

/** A frame that no following one ends is taken to last as long as this. */
const USUAL_S = 1 / 30

/**
 * All frames that are shown, in order. Packets before zero are there to be decoded, not to be shown; what comes before
 * the first key frame cannot be. Each frame lasts until the next; the last one as long as the container says, or as the
 * one before.
 */
export async function readSchedule(
  track: InputVideoTrack,
  { endS, isTruncated }: ScheduleOptions,
  signal: AbortSignal,
): Promise<Schedule> {
  const times: number[] = []
  let last = { timeS: Number.NEGATIVE_INFINITY, durationS: 0 }
  const hidden = await hiddenFrames(track)
  const options = { metadataOnly: !isTruncated && !hidden }
  let isReordered = false
  let keyS: number | undefined
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, options)) {
    signal.throwIfAborted()
    const { timestamp, duration } = packet
    if (packet.type === 'key') keyS ??= timestamp
    if (keyS === undefined || timestamp < keyS) continue
    if (timestamp < 0 || timestamp >= endS || hidden?.(packet.data)) continue
    isReordered ||= timestamp < (times.at(-1) ?? timestamp)
    times.push(timestamp)
    if (timestamp > last.timeS) last = { timeS: timestamp, durationS: duration }
  }
  // Packets come in decoding order. Of two frames at one moment nobody sees the first.
  const starts = Float64Array.from(times)
    .sort()
    .filter((time, i, all) => time - (all[i - 1] ?? Number.NEGATIVE_INFINITY) > HAIR_S)
  const before = starts.at(-2)
  const lastS = last.durationS || (before === undefined ? USUAL_S : last.timeS - before)
  return new Schedule(starts, Math.min(last.timeS + lastS, endS), isReordered)
}

/** VP8 stores pictures that only serve to predict others as packets of their own. */
async function hiddenFrames(track: InputVideoTrack): Promise<((data: Uint8Array) => boolean) | undefined> {
  if ((await track.getCodec()) !== 'vp8') return undefined
  return (data) => ((data[0] ?? 0) & 0x10) === 0 // the bit show_frame of the frame's header, RFC 6386 §9.1
}

/** The moments of a clip's frames, compactly: eight bytes each. */
export class Schedule {
  readonly #starts: Float64Array
  readonly toS: number
  /** Frames are not stored in the order in which they are shown. */
  readonly isReordered: boolean

  constructor(starts: Float64Array, toS: number, isReordered: boolean) {
    this.#starts = starts
    this.toS = toS
    this.isReordered = isReordered
  }

  get length(): number {
    return this.#starts.length
  }

  /** `index` must be in range. */
  at(index: number): Moment {
    const timeS = this.#starts[index] as number // as demanded
    return { timeS, durationS: (this.#starts[index + 1] ?? this.toS) - timeS }
  }

  /** Which frame is shown at this moment: the first one before the clip, the last one after it. */
  indexAt(timeS: number): number {
    let [low, high] = [0, this.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] as number) <= timeS + HAIR_S)
        low = middle + 1 // in range: below high
      else high = middle
    }
    return Math.max(0, low - 1)
  }

  /** The frame that begins at this moment, if there is one. */
  indexOf(timeS: number): number | undefined {
    const index = this.indexAt(timeS)
    return Math.abs(this.at(index).timeS - timeS) <= HAIR_S ? index : undefined
  }

  /** The frames shown within the span, as the half-open range of their indices. */
  range(span: Span | undefined): readonly [first: number, end: number] {
    if (!span) return [0, this.length]
    const first = this.indexAt(span.fromS)
    let end = this.indexAt(span.toS)
    if (this.length > 0 && this.at(end).timeS < span.toS - HAIR_S) end++
    return [first, Math.max(first, end)]
  }
}
