import {
  AudioSample,
  AudioSampleSink,
  AudioSampleSource,
  BlobSource,
  BufferTarget,
  Input,
  MP4,
  Mp4OutputFormat,
  Output,
} from 'mediabunny'
import { type AacEncoder, loadAacEncoder } from './aac'

/** FFmpeg's is known. */
const FFMPEG_DELAY = 1024
/** Searched for; Apple's encoder takes 2112. */
const LONGEST = 4096

const known = new Map<string, Promise<number>>()

/**
 * How many frames later than it went in sound comes out of this machine's AAC encoder and a decoder. Browsers' encoders
 * do not say, so it is measured once, with noise.
 */
export function aacDelay(encoder: AacEncoder, rate: number, channels: number): Promise<number> {
  if (encoder === 'ffmpeg') return Promise.resolve(FFMPEG_DELAY)
  const key = `${rate} ${channels}`
  const delay = known.get(key) ?? measureAacDelay(rate, channels)
  known.set(key, delay)
  return delay
}

/** With whatever encoder mediabunny has. */
export async function measureAacDelay(rate: number, channels: number): Promise<number> {
  await loadAacEncoder()
  const noise = seededNoise(4 * LONGEST)
  const target = new BufferTarget()
  const output = new Output({ format: new Mp4OutputFormat(), target })
  const source = new AudioSampleSource({ codec: 'aac', bitrate: 96_000 * channels })
  output.addAudioTrack(source)
  await output.start()
  const planes = new Float32Array(channels * noise.length)
  for (let channel = 0; channel < channels; channel++) planes.set(noise, channel * noise.length)
  using sample = new AudioSample({
    data: planes,
    format: 'f32-planar',
    numberOfChannels: channels,
    sampleRate: rate,
    timestamp: 0,
  })
  await source.add(sample)
  await output.finalize()

  using input = new Input({ source: new BlobSource(new Blob([target.buffer ?? ''])), formats: [MP4] })
  const track = await input.getPrimaryAudioTrack()
  const heard = new Float32Array(noise.length + 2 * LONGEST)
  // A browser that encodes AAC but decodes none: every encoder but Apple's has this delay.
  if (!track || !(await track.canDecode())) return FFMPEG_DELAY
  for await (const block of new AudioSampleSink(track).samples()) {
    using _ = block
    const plane = new Float32Array(block.numberOfFrames)
    block.copyTo(plane, { planeIndex: 0, format: 'f32-planar' })
    const at = Math.round(block.timestamp * rate)
    heard.set(plane.subarray(0, Math.max(0, heard.length - at)), Math.min(heard.length, at))
  }
  return lagOf(noise, heard, LONGEST)
}

/** By how many frames `later` is behind, 0 to `longest`: where the two have most in common. */
function lagOf(sound: Float32Array, later: Float32Array, longest: number): number {
  let best = { lag: 0, likeness: Number.NEGATIVE_INFINITY }
  for (let lag = 0; lag <= longest; lag++) {
    let likeness = 0
    for (let i = longest; i < 2 * longest; i++) likeness += (sound[i] ?? 0) * (later[i + lag] ?? 0)
    if (likeness > best.likeness) best = { lag, likeness }
  }
  return best.lag
}

/** Low-passed, so that an encoder keeps most of it. */
function seededNoise(frames: number): Float32Array {
  const noise = new Float32Array(frames)
  let state = 1
  let smooth = 0
  for (let i = 0; i < frames; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    smooth += 0.3 * (state / 2 ** 31 - 1 - smooth)
    noise[i] = smooth
  }
  return noise
}
