import {
  AudioSample,
  AudioSampleSource,
  Mp4OutputFormat,
  Output,
  type StreamTarget,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
} from 'mediabunny'
import { PROVENANCE_TAGS, WEBM_PROVENANCE_TAGS } from '../media/video-provenance'
import { chooseAudio, chooseVideo } from './codecs'
import type { RecordingFormat, SoundFeed } from './recorder-api'
import type { Channels } from './sound-line'

/**
 * A piece of the file can be played as soon as the next key frame is encoded: this often. It is the greater part of what a
 * crash costs; the rest is what the encoder has in hand.
 */
const KEY_FRAME_EVERY_S = 0.5
/** Less than the above by more than any frame comes late, or pieces would be twice as long. */
const PIECE_AT_LEAST_S = 0.3
/** The encoder is behind when it has as many frames in hand as this, */
const IN_HAND = 3
/** and its last one is older than this. */
const BEHIND_S = 0.35

/** An encoder that does not answer for this long at the end will not any more. */
const PATIENCE_MS = 10_000

interface MovieOptions {
  readonly format: RecordingFormat
  readonly width: number // px, even
  readonly height: number
  readonly sound: SoundFeed | undefined
  readonly target: StreamTarget
}

/** The file of a recording while it is made: encoded and written in pieces, each playable once it is there. */
export class Movie {
  readonly #output: Output
  readonly #video: VideoSampleSource
  readonly #audio: AudioSampleSource | undefined
  /** Sound must be added for so much earlier than it is to be heard. */
  readonly soundDelayS: number
  readonly #progress: { encodedS: number; inHand: number }

  private constructor(
    output: Output,
    video: VideoSampleSource,
    audio: AudioSampleSource | undefined,
    soundDelayS: number,
    progress: { encodedS: number; inHand: number },
  ) {
    this.#output = output
    this.#video = video
    this.#audio = audio
    this.soundDelayS = soundDelayS
    this.#progress = progress
  }

  /** Rejects with RecordingUnavailableError where this browser has no encoder for it. */
  static async begin({ format, width, height, sound, target }: MovieOptions): Promise<Movie> {
    const output: Output = new Output({ format: containerOf(format, () => forgetWritten(output)), target })
    const progress = { encodedS: 0, inHand: 0 }
    const video = new VideoSampleSource({
      ...(await chooseVideo(format, width, height)),
      keyFrameInterval: KEY_FRAME_EVERY_S,
      onEncodedPacket: ({ timestamp }) => {
        progress.encodedS = timestamp
        progress.inHand--
      },
    })
    output.addVideoTrack(video)
    const choice = sound && (await chooseAudio(format, sound))
    const audio = choice && new AudioSampleSource({ codec: choice.codec, bitrate: choice.bitrate })
    if (audio) output.addAudioTrack(audio)
    output.setMetadataTags(format === 'mp4' ? PROVENANCE_TAGS : WEBM_PROVENANCE_TAGS)
    await output.start()
    return new Movie(output, video, audio, choice?.delayS ?? 0, progress)
  }

  /** Whether a frame for this moment had better be passed over. */
  isBehind(timeS: number): boolean {
    const { encodedS, inHand } = this.#progress
    return inHand >= IN_HAND && timeS - encodedS > BEHIND_S
  }

  /** Resolves when the next frame may come. The frame stays the caller's. */
  async addFrame(frame: VideoFrame): Promise<void> {
    using sample = new VideoSample(frame.clone())
    this.#progress.inHand++
    await this.#video.add(sample)
  }

  /** Follows on what was added before. Resolves when the next may come. */
  async addSound(channels: Channels, sampleRate: number, timeS: number): Promise<void> {
    const length = channels[0]?.length ?? 0
    if (!this.#audio || length === 0) return
    const data = new Float32Array(length * channels.length)
    for (const [i, channel] of channels.entries()) data.set(channel, i * length)
    using sample = new AudioSample({
      data,
      format: 'f32-planar',
      numberOfChannels: channels.length,
      sampleRate,
      timestamp: timeS,
    })
    await this.#audio.add(sample)
  }

  /** The last piece, and what a container ends with. A movie whose encoder or disk failed is left as it is. */
  async end(): Promise<void> {
    let timer = 0
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(reject, PATIENCE_MS)
    })
    try {
      await Promise.race([this.#output.finalize(), tooLate])
    } catch {
      // What went wrong was said when it did; all finished pieces are in the file.
      void this.#output.cancel().catch(() => undefined)
    } finally {
      clearTimeout(timer)
    }
  }
}

const containerOf = (format: RecordingFormat, onPiece: () => void): Mp4OutputFormat | WebMOutputFormat =>
  format === 'mp4'
    ? new Mp4OutputFormat({
        fastStart: 'fragmented',
        minimumFragmentDuration: PIECE_AT_LEAST_S,
        onMoof: onPiece,
      })
    : new WebMOutputFormat({ appendOnly: true, minimumClusterDuration: PIECE_AT_LEAST_S })

/** What mediabunny's mp4 keeps of each piece that is in the file. */
interface Muxer {
  readonly trackDatas?: readonly { readonly finalizedChunks?: readonly { readonly samples: unknown[] }[] }[]
}

/**
 * Until the end mediabunny remembers every frame and packet, 43 MB an hour of 30 frames a second with sound, though of a
 * piece that is written it only uses the first. Without the others it is 8 MB.
 */
function forgetWritten(output: Output): void {
  // Not part of mediabunny's interface: where it is another one, nothing is forgotten and nothing else happens.
  const { trackDatas = [] } = (output as unknown as { readonly _muxer?: Muxer })._muxer ?? {}
  for (const { finalizedChunks } of trackDatas) finalizedChunks?.at(-1)?.samples.splice(1)
}
