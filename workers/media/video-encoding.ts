import type { OutputFormat, Quality } from '../clip/clip-job'
import { namedError } from '../rpc/named-error'
import type { ClipInfo } from './clip-info'

export type VideoFormat = Extract<OutputFormat, { kind: 'mp4' | 'webm' }>

/** How a clip's result is encoded. Plain data: stored with a job, so that all its segments agree. */
export interface VideoOutput {
  readonly kind: 'mp4' | 'webm'
  readonly codec: 'avc' | 'vp9'
  /** `width` and `height` are the encoded picture's; see `encodedSize`. */
  readonly encoder: Readonly<VideoEncoderConfig>
}

/** Bits per second for 1080p at 30 frames per second in H.264; VP9 needs about 0.7 of it for the same picture. */
const BITRATE: Record<Quality, number> = { high: 14e6, medium: 7e6, small: 3e6 }
/** With less a tiny picture becomes H.264 of level 1b, which Chromium writes but does not read. */
const MIN_BITRATE = 250e3

/** Idc, macroblocks per second, macroblocks per frame: ITU-T H.264 table A-1, from level 3 on. */
const H264_LEVELS = [
  [30, 40_500, 1_620],
  [31, 108_000, 3_600],
  [32, 216_000, 5_120],
  [40, 245_760, 8_192],
  [42, 522_240, 8_704],
  [50, 589_824, 22_080],
  [51, 983_040, 36_864],
  [52, 2_073_600, 36_864],
  [60, 4_177_920, 139_264],
  [62, 16_711_680, 139_264],
] as const

/** Level, luma samples per second, luma samples per frame: VP9 bitstream specification, annex A. */
const VP9_LEVELS = [
  [10, 829_440, 36_864],
  [11, 2_764_800, 73_728],
  [20, 4_608_000, 122_880],
  [21, 9_216_000, 245_760],
  [30, 20_736_000, 552_960],
  [31, 36_864_000, 983_040],
  [40, 83_558_400, 2_228_224],
  [41, 160_432_128, 2_228_224],
  [50, 311_951_360, 8_912_896],
  [51, 588_251_136, 8_912_896],
  [52, 1_176_502_272, 8_912_896],
  [61, 2_353_004_544, 35_651_584],
  [62, 4_706_009_088, 35_651_584],
] as const

/**
 * The picture's size in the file, px. H.264 with its 4:2:0 chroma wants even sizes (and no encoder takes less than 16): the
 * last column or row is repeated there, so that nothing of the picture is lost. VP9 takes any size as it is.
 */
export function encodedSize(
  codec: 'avc' | 'vp9',
  width: number,
  height: number,
): { width: number; height: number } {
  if (codec === 'vp9') return { width, height }
  const even = (size: number): number => Math.max(16, 2 * Math.ceil(size / 2))
  return { width: even(width), height: even(height) }
}

/** Bits per second: larger and faster pictures need less per pixel and frame. */
export function bitrateOf(format: VideoFormat, width: number, height: number, fps: number): number {
  const share = ((width * height) / (1920 * 1080)) ** 0.85 * (fps / 30) ** 0.6
  return Math.round(
    Math.max(MIN_BITRATE, BITRATE[format.quality] * share * (format.kind === 'webm' ? 0.7 : 1)),
  )
}

/** Codec strings worth a try, best first. */
export function codecStrings(
  codec: 'avc' | 'vp9',
  width: number,
  height: number,
  fps: number,
): readonly string[] {
  if (codec === 'vp9') {
    const level = VP9_LEVELS.find(
      ([, rate, size]) => width * height * fps <= rate && width * height <= size,
    )?.[0]
    return [`vp09.00.${level ?? 62}.08`]
  }
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16)
  const level = H264_LEVELS.find(([, rate, size]) => blocks * fps <= rate && blocks <= size)?.[0] ?? 62
  const idc = level.toString(16).padStart(2, '0')
  // High, Main, Constrained Baseline
  return [`avc1.6400${idc}`, `avc1.4d00${idc}`, `avc1.42e0${idc}`]
}

const ANYWHERE = ['prefer-hardware', 'no-preference', 'prefer-software'] as const

/**
 * Asks the browser what it can encode: on hardware if it says so and a try succeeds, in software otherwise or when told.
 * Rejects with an Error named `NoVideoEncoderError`.
 */
export async function chooseVideoOutput(
  format: VideoFormat,
  { video }: ClipInfo,
  where: 'anywhere' | 'in software' = 'anywhere',
): Promise<VideoOutput> {
  const codec = format.kind === 'mp4' ? 'avc' : 'vp9'
  const { width, height } = encodedSize(codec, video.width, video.height)
  const fps = Math.min(240, Math.max(1, video.fps || 30))
  const shared: Omit<VideoEncoderConfig, 'codec'> = {
    width,
    height,
    bitrate: bitrateOf(format, width, height, fps),
    bitrateMode: 'variable',
    framerate: fps,
    latencyMode: 'quality',
  }
  const ways = where === 'anywhere' ? ANYWHERE : (['prefer-software'] as const)
  for (const hardwareAcceleration of ways) {
    for (const codecString of codecStrings(codec, width, height, fps)) {
      const encoder: VideoEncoderConfig = { ...shared, codec: codecString, hardwareAcceleration }
      const { supported } = await VideoEncoder.isConfigSupported(encoder).catch(() => ({ supported: false }))
      // What a driver promises it does not always keep: sizes, profiles.
      if (supported && (hardwareAcceleration !== 'prefer-hardware' || (await works(encoder))))
        return { kind: format.kind, codec, encoder }
    }
  }
  throw namedError('NoVideoEncoderError', `Nothing here encodes ${codec} at ${width} × ${height}.`)
}

/** Whether two frames go in and come out again, in time. */
export async function works(config: VideoEncoderConfig): Promise<boolean> {
  let packets = 0
  const encoder = new VideoEncoder({
    output: () => packets++,
    error() {},
  })
  try {
    encoder.configure(config)
    const { width: codedWidth, height: codedHeight } = config
    const grey = new Uint8Array(1.5 * codedWidth * codedHeight + 2 * (codedWidth + codedHeight) + 2).fill(128)
    for (const timestamp of [0, 40_000]) {
      const frame = new VideoFrame(grey, { format: 'I420', codedWidth, codedHeight, timestamp })
      encoder.encode(frame)
      frame.close()
    }
    const tooLate = new Promise((_, reject) => setTimeout(reject, 10_000))
    await Promise.race([encoder.flush(), tooLate])
    return packets === 2
  } catch {
    return false
  } finally {
    if (encoder.state !== 'closed') encoder.close()
  }
}
