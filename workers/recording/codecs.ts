import { canEncodeAudio } from 'mediabunny'
import { loadAacEncoder } from '../media/aac'
import { aacDelay } from '../media/aac-delay'
import { codecStrings, works } from '../media/video-encoding'
import { namedError } from '../rpc/named-error'
import type { RecordingFormat, SoundFeed } from './recorder-api'

/** In order of preference: H.264 and AAC play everywhere, the others are for browsers that cannot encode those. */
const VIDEO = { mp4: ['avc', 'vp9'], webm: ['vp9'] } as const
const AUDIO = { mp4: ['aac', 'opus'], webm: ['opus'] } as const

/** Of 640 × 480; key frames twice a second cost about a third of it. */
const BITS_PER_SECOND = 4_000_000
const FPS = 30

export interface VideoChoice {
  readonly codec: 'avc' | 'vp9'
  readonly fullCodecString: string
  readonly bitrate: number // bits per second
  readonly hardwareAcceleration: 'prefer-hardware' | 'no-preference'
  readonly latencyMode: 'realtime'
}

/** How pictures of this size are recorded here. Rejects with RecordingUnavailableError. */
export async function chooseVideo(
  format: RecordingFormat,
  width: number,
  height: number,
): Promise<VideoChoice> {
  // Larger pictures need fewer bits per pixel.
  const bitrate = Math.round(BITS_PER_SECOND * ((width * height) / (640 * 480)) ** 0.75)
  const latencyMode = 'realtime'
  for (const codec of VIDEO[format]) {
    for (const hardwareAcceleration of ['prefer-hardware', 'no-preference'] as const) {
      for (const fullCodecString of codecStrings(codec, width, height, FPS)) {
        const wish = { width, height, bitrate, latencyMode, hardwareAcceleration, framerate: FPS } as const
        if (await canEncode({ ...wish, codec: fullCodecString }))
          return { codec, fullCodecString, bitrate, hardwareAcceleration, latencyMode }
      }
    }
  }
  throw namedError('RecordingUnavailableError', `No encoder for ${format} with ${width} × ${height} px.`)
}

async function canEncode(config: VideoEncoderConfig): Promise<boolean> {
  if (typeof VideoEncoder === 'undefined') return false
  const { supported } = await VideoEncoder.isConfigSupported(config).catch(() => ({ supported: false }))
  if (!supported) return false
  // What a driver promises it does not always keep.
  return config.hardwareAcceleration !== 'prefer-hardware' || works(config)
}

export interface AudioChoice {
  readonly codec: 'aac' | 'opus'
  readonly bitrate: number // bits per second
  /** Sound comes out of a decoder this much later than its time stamps say. */
  readonly delayS: number
}

/** How this sound is recorded here. Rejects with RecordingUnavailableError. */
export async function chooseAudio(
  format: RecordingFormat,
  { sampleRate, channels: numberOfChannels }: SoundFeed,
): Promise<AudioChoice> {
  const bitrate = 96_000 * Math.min(2, numberOfChannels)
  for (const codec of AUDIO[format]) {
    const encoder = codec === 'aac' ? await loadAacEncoder().catch(() => undefined) : undefined
    if (!(await canEncodeAudio(codec, { sampleRate, numberOfChannels, bitrate }))) continue
    const delay = encoder ? await aacDelay(encoder, sampleRate, numberOfChannels) : 0
    return { codec, bitrate, delayS: delay / sampleRate }
  }
  throw namedError('RecordingUnavailableError', `No encoder for the sound of ${format}.`)
}
