import type { Input, InputAudioTrack, InputVideoTrack } from 'mediabunny'
import type { Span } from '../clip/clip-job'
import type { ClipInfo } from './clip-info'
import type { ClipFrame, ClipReader } from './clip-reader'
import { type DecodedFrame, decodeFrames } from './decode'
import type { Moment, Schedule } from './schedule'

export interface OpenTracks {
  readonly info: ClipInfo
  readonly file: Blob
  readonly input: Input
  readonly video: InputVideoTrack
  readonly audio: InputAudioTrack | undefined
  readonly schedule: Schedule
  /** Turns a decoder's frame into one as it is to be seen; takes it over. */
  readonly present: (frame: VideoFrame, moment: Moment) => Promise<VideoFrame>
  /** Lets go of what was made only to read this clip. */
  readonly release: () => void
}

/** A clip as mediabunny demuxes it and WebCodecs decodes it. */
export class TrackReader implements ClipReader {
  readonly info: ClipInfo
  readonly file: Blob
  readonly videoTrack: InputVideoTrack
  readonly audioTrack: InputAudioTrack | undefined
  readonly #tracks: OpenTracks
  readonly #closed = new AbortController()

  constructor(tracks: OpenTracks) {
    this.info = tracks.info
    this.file = tracks.file
    this.videoTrack = tracks.video
    this.audioTrack = tracks.audio
    this.#tracks = tracks
  }

  /** The same clip told differently; `release` is called when it is closed. This reader is used up. */
  as(info: ClipInfo, release: () => void): TrackReader {
    return new TrackReader({ ...this.#tracks, info, release })
  }

  async schedule(span: Span | undefined, signal: AbortSignal): Promise<readonly Moment[]> {
    signal.throwIfAborted()
    const { schedule } = this.#tracks
    const [first, end] = schedule.range(span)
    return Array.from({ length: end - first }, (_, i) => schedule.at(first + i))
  }

  async *frames(fromS: number, toS: number, signal: AbortSignal): AsyncGenerator<ClipFrame, void, void> {
    const [first, end] = this.#tracks.schedule.range({ fromS, toS })
    yield* this.#decode(first, end, signal)
  }

  async frameAt(timeS: number, signal: AbortSignal): Promise<ClipFrame> {
    const index = this.#tracks.schedule.indexAt(timeS)
    const frames = this.#decode(index, index + 1, signal)
    try {
      const { value } = await frames.next()
      if (!value) throw new Error('The schedule names a frame that does not come.')
      return value
    } finally {
      await frames.return()
    }
  }

  async *#decode(first: number, end: number, signal: AbortSignal): AsyncGenerator<ClipFrame, void, void> {
    const { video, schedule, present } = this.#tracks
    const either = AbortSignal.any([signal, this.#closed.signal])
    either.throwIfAborted()
    for await (const decoded of decodeFrames(video, schedule, first, end, either)) {
      yield await presented(decoded, present)
    }
  }

  [Symbol.dispose](): void {
    this.#closed.abort()
    this.#tracks.input.dispose()
    this.#tracks.release()
  }
}

async function presented(
  { frame, isStandIn, ...moment }: DecodedFrame,
  present: OpenTracks['present'],
): Promise<ClipFrame> {
  return { frame: await present(frame, moment), ...moment, isStandIn }
}
