import type { Input, InputAudioTrack, InputVideoTrack } from 'mediabunny'
import type { Span } from '../clip/clip-job'
import type { ClipInfo } from './clip-info'
import type { ClipFrame, ClipReader } from './clip-reader'
import { type DecodedFrame, decodeFrames } from './decode'
import type { Moment, Schedule } from './schedule'
import { type Appearance, Presenter } from './upright'

export interface OpenTracks {
  readonly info: ClipInfo
  readonly file: Blob
  readonly input: Input
  readonly video: InputVideoTrack
  readonly audio: InputAudioTrack | undefined
  readonly schedule: Schedule
  readonly appearance: Appearance
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
    // Where it is damaged, a frame before stands in for it, as it does when the clip is read in order.
    for (const back of [0, 60, index]) {
      try {
        return await this.#last(Math.max(0, index - back), index + 1, signal)
      } catch (error) {
        const isDamaged = error instanceof Error && error.name === 'VideoDamagedError'
        if (!isDamaged || back >= index) throw error
      }
    }
    throw new Error('Unreachable: the last try throws or returns.')
  }

  async #last(first: number, end: number, signal: AbortSignal): Promise<ClipFrame> {
    let last: ClipFrame | undefined
    for await (const frame of this.#decode(first, end, signal)) {
      last?.frame.close()
      last = frame
    }
    if (!last) throw new Error('The schedule names a frame that does not come.')
    return last
  }

  async *#decode(first: number, end: number, signal: AbortSignal): AsyncGenerator<ClipFrame, void, void> {
    const { video, schedule, appearance } = this.#tracks
    const presenter = new Presenter(appearance)
    const either = AbortSignal.any([signal, this.#closed.signal])
    either.throwIfAborted()
    for await (const decoded of decodeFrames(video, schedule, first, end, either)) {
      yield await presented(decoded, presenter)
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
  presenter: Presenter,
): Promise<ClipFrame> {
  return { frame: await presenter.present(frame, moment), ...moment, isStandIn }
}
