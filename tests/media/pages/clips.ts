/** Makes clip fixtures of the talking head by WebCodecs, where there is no ffmpeg. */
import {
  AudioSample,
  AudioSampleSource,
  BufferTarget,
  getFirstEncodableVideoCodec,
  MkvOutputFormat,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
  type OutputFormat,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
} from 'mediabunny'

export interface MadeClip {
  readonly base64: string
  readonly times: readonly number[] // seconds
}

interface Wish {
  readonly format: OutputFormat
  readonly video: 'avc' | 'vp9'
  readonly audio?: 'opus' | 'pcm-s16'
  readonly audioS?: number
  readonly timeOf?: (frame: number) => number
  /** Lying on its left side. */
  readonly isTurned?: boolean
  /** What the container's clock can say, ticks a second. */
  readonly ticks: number
}

const MP4_TICKS = 57_600
const steady = (frame: number): number => frame / 30

const WISHES = {
  mp4: {
    format: new Mp4OutputFormat({ fastStart: 'in-memory' }),
    video: 'avc',
    audio: 'opus',
    ticks: MP4_TICKS,
  },
  vfr: {
    format: new Mp4OutputFormat(),
    video: 'avc',
    audio: 'opus',
    ticks: MP4_TICKS,
    timeOf: (frame) => (frame + 0.45 * (frame % 3) + Math.floor(frame / 20)) / 30,
  },
  sideways: { format: new Mp4OutputFormat(), video: 'avc', audio: 'opus', ticks: MP4_TICKS, isTurned: true },
  mov: { format: new MovOutputFormat(), video: 'avc', audio: 'pcm-s16', ticks: MP4_TICKS },
  webm: { format: new WebMOutputFormat(), video: 'vp9', audio: 'opus', ticks: 1000 },
  mkv: { format: new MkvOutputFormat(), video: 'avc', audio: 'opus', ticks: 1000 },
  fragmented: {
    format: new Mp4OutputFormat({ fastStart: 'fragmented' }),
    video: 'avc',
    audio: 'opus',
    ticks: MP4_TICKS,
  },
  silent: { format: new Mp4OutputFormat({ fastStart: 'in-memory' }), video: 'avc', ticks: MP4_TICKS },
  longAudio: {
    format: new Mp4OutputFormat({ fastStart: false }),
    video: 'avc',
    audio: 'opus',
    audioS: 4,
    ticks: MP4_TICKS,
  },
} as const satisfies Record<string, Wish>

declare global {
  var makeClips: (y4m: string) => Promise<Record<keyof typeof WISHES, MadeClip>>
}

globalThis.makeClips = async (y4m) => {
  const head = new Uint8Array(await (await fetch(y4m)).arrayBuffer())
  const made: [string, MadeClip][] = []
  for (const [name, wish] of Object.entries(WISHES)) made.push([name, await make(head, wish)])
  return Object.fromEntries(made) as Record<keyof typeof WISHES, MadeClip> // one for each
}

async function make(head: Uint8Array, wish: Wish): Promise<MadeClip> {
  const { format, audio, audioS = 2.5, timeOf = steady, isTurned, ticks } = wish
  const target = new BufferTarget()
  const output = new Output({ format, target })
  const size = isTurned ? { width: 240, height: 320 } : { width: 320, height: 240 }
  // A browser without H.264 writes what it can; for reading it makes no difference.
  const codec = (await getFirstEncodableVideoCodec([wish.video, 'vp9', 'vp8'], size)) ?? wish.video
  const pictures = new VideoSampleSource({ codec, bitrate: 1_500_000, keyFrameInterval: 1 })
  output.addVideoTrack(pictures)
  const sound = audio && new AudioSampleSource({ codec: audio, bitrate: 96_000 })
  if (sound) output.addAudioTrack(sound)
  await output.start()
  const times: number[] = []
  let index = 0
  for (const frame of y4mFrames(head)) {
    const timeS = Math.round(timeOf(index) * ticks) / ticks
    times.push(timeS)
    const durationS = timeOf(index + 1) - timeOf(index)
    const shown = isTurned ? layOnSide(frame) : frame
    using sample = new VideoSample(shown, { timestamp: timeS, duration: durationS })
    await pictures.add(sample)
    index++
  }
  pictures.close()
  if (sound) {
    using sample = beep(audioS)
    await sound.add(sample)
    sound.close()
  }
  await output.finalize()
  return { base64: base64Of(new Uint8Array(target.buffer ?? new ArrayBuffer())), times }
}

function* y4mFrames(file: Uint8Array): Generator<VideoFrame> {
  const header = file.indexOf(10)
  const [, width = 0, height = 0] =
    /W(\d+) H(\d+)/.exec(new TextDecoder().decode(file.subarray(0, header)))?.map(Number) ?? []
  const size = (width * height * 3) / 2
  const colorSpace = { matrix: 'smpte170m', primaries: 'bt709', transfer: 'bt709', fullRange: false } as const
  for (let at = header + 7; at + size <= file.length; at += 6 + size) {
    const data = file.subarray(at, at + size)
    yield new VideoFrame(data, {
      format: 'I420',
      codedWidth: width,
      codedHeight: height,
      timestamp: 0,
      colorSpace,
    })
  }
}

function layOnSide(frame: VideoFrame): VideoFrame {
  const canvas = new OffscreenCanvas(frame.displayHeight, frame.displayWidth)
  const context = canvas.getContext('2d')
  context?.translate(0, canvas.height)
  context?.rotate(-Math.PI / 2)
  context?.drawImage(frame, 0, 0)
  frame.close()
  return new VideoFrame(canvas, { timestamp: 0, alpha: 'discard' })
}

/** Stereo; louder at the start of each second. */
function beep(seconds: number): AudioSample {
  const sampleRate = 48_000
  const length = Math.round(seconds * sampleRate)
  const data = new Float32Array(2 * length)
  for (let i = 0; i < length; i++) {
    const loudness = i % sampleRate < sampleRate / 25 ? 0.6 : 0.1
    data[2 * i] = data[2 * i + 1] = loudness * Math.sin((2 * Math.PI * 330 * i) / sampleRate)
  }
  return new AudioSample({ data, format: 'f32', numberOfChannels: 2, sampleRate, timestamp: 0 })
}

function base64Of(bytes: Uint8Array): string {
  let binary = ''
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return btoa(binary)
}
