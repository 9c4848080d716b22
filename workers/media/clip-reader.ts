import type { InputAudioTrack, InputVideoTrack } from 'mediabunny'
import type { Span } from '../clip/clip-job'
import type { ClipInfo } from './clip-info'

/** One picture of a clip. */
export interface ClipFrame {
  /** Upright and tone-mapped to BT.709; its timestamp is `timeS` in microseconds. Whoever receives it closes it. */
  readonly frame: VideoFrame
  /** Exactly as in the file, seconds on the clip's own clock. */
  readonly timeS: number
  readonly durationS: number
  /** Its packets are damaged: this is the picture before it once more (at the start, the one after). */
  readonly isStandIn?: boolean
}

/** An open clip. Nothing but what is asked for is ever decoded. Disposing lets go of the file and every decoder. */
export interface ClipReader extends Disposable {
  readonly info: ClipInfo
  /**
   * When each frame that is shown within the span is shown, in order, read from the container alone: seconds, and how long.
   * This is the truth about frames: `frames` yields exactly these.
   */
  schedule(
    span: Span | undefined,
    signal: AbortSignal,
  ): Promise<readonly { readonly timeS: number; readonly durationS: number }[]>
  /** The frames from the one shown at `fromS` on, one after another, as far as the consumer asks. Several may run at once. */
  frames(fromS: number, toS: number, signal: AbortSignal): AsyncGenerator<ClipFrame, void, void>
  /** The frame shown at this moment (the first or last one outside of the clip). */
  frameAt(timeS: number, signal: AbortSignal): Promise<ClipFrame>
  /** What is read: the clip itself, or what ffmpeg made of it. */
  readonly file: Blob
  /** For copying packets. */
  readonly videoTrack: InputVideoTrack
  readonly audioTrack: InputAudioTrack | undefined
}
