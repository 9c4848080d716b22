/** Packets of a clip in, its scheduled frames out. */
import { EncodedPacketSink, type InputVideoTrack, type VideoSample } from 'mediabunny'
import { namedError } from '../rpc/named-error'
import { Pace, PacedSink } from './paced-sink'
import type { Moment, Schedule } from './schedule'

export interface DecodedFrame extends Moment {
  /** As it comes from the decoder: not turned, not tone-mapped. Whoever receives it closes it. */
  readonly frame: VideoFrame
  /** The frame's own packets are damaged: this is the nearest one that is not, once more. */
  readonly isStandIn: boolean
}

/**
 * Exactly the frames of the schedule from `first` to before `end`. Where packets are damaged, decoding goes on at the
 * next key frame, and the last good frame stands in for what is missing, so that no moment is lost. Rejects with
 * VideoDamagedError when nothing at all can be decoded.
 */
export async function* decodeFrames(
  track: InputVideoTrack,
  schedule: Schedule,
  first: number,
  end: number,
  signal: AbortSignal,
): AsyncGenerator<DecodedFrame, void, void> {
  let held: VideoFrame | undefined // the last good frame
  let fresh: VideoFrame | undefined // the one after it
  let next = first
  try {
    for await (const { index, frame } of goodFrames(track, schedule, first, end, signal)) {
      fresh = frame
      // Nothing came before the first good frame: it stands in for what it should have followed.
      const standIn = held ?? fresh
      for (; next < index; next++) {
        yield { ...schedule.at(next), frame: standIn.clone(), isStandIn: true }
      }
      held?.close()
      held = fresh
      fresh = undefined
      yield { ...schedule.at(next), frame: held.clone(), isStandIn: false }
      next++
    }
    for (; next < end; next++) {
      if (!held) throw damaged(schedule.at(first).timeS)
      yield { ...schedule.at(next), frame: held.clone(), isStandIn: true }
    }
  } finally {
    held?.close()
    fresh?.close()
  }
}

const damaged = (timeS: number): Error =>
  namedError('VideoDamagedError', `Nothing can be decoded from ${timeS.toFixed(2)} s on.`)

interface GoodFrame {
  readonly index: number
  readonly frame: VideoFrame
}

/** The frames that can be decoded, in order; indices that are missing could not be. */
async function* goodFrames(
  track: InputVideoTrack,
  schedule: Schedule,
  first: number,
  end: number,
  signal: AbortSignal,
): AsyncGenerator<GoodFrame, void, void> {
  let next = first
  let fromS: number | undefined = first < end ? schedule.at(first).timeS : undefined
  while (fromS !== undefined && next < end) {
    try {
      for await (const good of decodeRun(track, schedule, fromS, next, end, signal)) {
        next = good.index + 1
        yield good
      }
      return
    } catch (error) {
      signal.throwIfAborted()
      if (!isDecodingError(error)) throw error
      fromS = await nextKeyTime(track, Math.max(fromS, next > first ? schedule.at(next - 1).timeS : fromS))
      if (fromS !== undefined) next = Math.max(next, schedule.indexAt(fromS))
    }
  }
}

const isDecodingError = (error: unknown): boolean =>
  error instanceof DOMException
    ? ['EncodingError', 'DataError', 'OperationError', 'InvalidStateError'].includes(error.name)
    : error instanceof TypeError // a packet that is no packet at all

/** Of the key frame from which the frame at this moment can be decoded. */
async function keyTime(track: InputVideoTrack, timeS: number): Promise<number> {
  const packets = new EncodedPacketSink(track)
  const options = { verifyKeyPackets: true }
  const key = (await packets.getKeyPacket(timeS, options)) ?? (await packets.getFirstKeyPacket(options))
  return key?.timestamp ?? timeS
}

async function nextKeyTime(track: InputVideoTrack, afterS: number): Promise<number | undefined> {
  const packets = new EncodedPacketSink(track)
  let key = (await packets.getKeyPacket(afterS)) ?? (await packets.getFirstKeyPacket())
  while (key && key.timestamp <= afterS) key = await packets.getNextKeyPacket(key)
  return key?.timestamp
}

/** Decodes until the first error, at least from `fromS` on. */
async function* decodeRun(
  track: InputVideoTrack,
  schedule: Schedule,
  fromS: number,
  first: number,
  end: number,
  signal: AbortSignal,
): AsyncGenerator<GoodFrame, void, void> {
  const isStamped = await keepsTimes(track, schedule)
  const pace = new Pace()
  // From the key frame on, whatever mediabunny takes the times of its frames for.
  const samples = new PacedSink(track, pace).samples(await keyTime(track, fromS))
  const stop = () => void samples.return()
  signal.addEventListener('abort', stop, { once: true })
  let next = first
  try {
    while (next < end) {
      pace.waits()
      const { value: sample } = await samples.next()
      if (signal.aborted) sample?.close()
      signal.throwIfAborted()
      if (!sample) return
      pace.took()
      const frame = takeFrame(sample)
      const index = schedule.indexOf(isStamped ? frame.timestamp / 1e6 : sample.timestamp)
      if (index === undefined || index < next || index >= end) {
        frame.close()
        if (index !== undefined && index >= end) return
        continue
      }
      next = index + 1
      yield { index, frame }
    }
  } finally {
    signal.removeEventListener('abort', stop)
    pace.end()
    await samples.return()
  }
}

/**
 * Whether a decoded frame's own timestamp is to be trusted. mediabunny deals out the packets' times in ascending order,
 * which goes wrong after a packet that gives no frame; but it is right for files of old whose B-frames were stored with
 * decoding times only.
 */
async function keepsTimes(track: InputVideoTrack, { isReordered }: Schedule): Promise<boolean> {
  const codec = await track.getCodec()
  return isReordered || codec === 'vp8' || codec === 'vp9' || codec === 'av1'
}

/** The decoder's own frame out of its wrapping. */
function takeFrame(sample: VideoSample): VideoFrame {
  const frame = sample.toCanvasImageSource()
  if (!(frame instanceof VideoFrame)) throw new TypeError('A decoder gave something else than a frame.')
  const own = frame.clone()
  sample.close()
  return own
}
