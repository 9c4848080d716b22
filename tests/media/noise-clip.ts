/** Clips whose sound tells exactly when it is: noise, which is like itself at one moment only. For browser tests. */
import {
  ALL_FORMATS,
  AudioSample,
  AudioSampleSink,
  AudioSampleSource,
  BlobSource,
  BufferTarget,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  type InputAudioTrack,
  MkvOutputFormat,
  MovOutputFormat,
  Output,
} from 'mediabunny'

/** The same at every call: frame n of channel c, soft enough in its highs for any codec to keep most of it. */
export function noise(frames: number, channel = 0): Float32Array<ArrayBuffer> {
  const sound = new Float32Array(frames)
  let state = 12_345 + channel
  let smooth = 0
  for (let i = 0; i < frames; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    smooth += 0.25 * (state / 2 ** 31 - 1 - smooth)
    sound[i] = smooth
  }
  return sound
}

/** The clip's pictures with noise, uncompressed, for its sound: a QuickTime file,
 * or Matroska for rates that this cannot tell. The noise begins at `fromS`. */
export async function withNoise(
  clip: Blob,
  { rate, channels, seconds, fromS = 0 }: { rate: number; channels: number; seconds: number; fromS?: number },
): Promise<File> {
  using input = new Input({ source: new BlobSource(clip), formats: ALL_FORMATS })
  const track = (await input.getPrimaryVideoTrack())!
  const target = new BufferTarget()
  const output = new Output({ format: rate < 65_536 ? new MovOutputFormat() : new MkvOutputFormat(), target })
  const pictures = new EncodedVideoPacketSource((await track.getCodec())!)
  const sound = new AudioSampleSource({ codec: 'pcm-s16' })
  output.addVideoTrack(pictures, rate < 65_536 ? { frameRate: await track.getTimeResolution() } : {})
  output.addAudioTrack(sound)
  await output.start()
  const decoderConfig = (await track.getDecoderConfig())!
  for await (const packet of new EncodedPacketSink(track).packets())
    await pictures.add(packet, { decoderConfig })
  const frames = rate * seconds
  const data = new Float32Array(frames * channels)
  for (let channel = 0; channel < channels; channel++) data.set(noise(frames, channel), channel * frames)
  using sample = new AudioSample({
    data,
    format: 'f32-planar',
    numberOfChannels: channels,
    sampleRate: rate,
    timestamp: fromS,
  })
  await sound.add(sample)
  await output.finalize()
  return new File([target.buffer!], 'noise.mov')
}

/** The first channel from second 0 on, as it is played. */
export async function heard(track: InputAudioTrack, seconds: number): Promise<Float32Array> {
  const rate = await track.getSampleRate()
  const sound = new Float32Array(rate * seconds)
  for await (const sample of new AudioSampleSink(track).samples()) {
    using _ = sample
    const plane = new Float32Array(sample.numberOfFrames)
    sample.copyTo(plane, { planeIndex: 0, format: 'f32-planar' })
    const at = Math.round(sample.timestamp * rate)
    for (const [i, value] of plane.entries()) if (at + i >= 0 && at + i < sound.length) sound[at + i] = value
  }
  return sound
}

const WINDOW = 3000
const FARTHEST = 1500

/** By how many frames `later` is behind `sound` around frame `at`, and how much they are alike there, -1..1. */
export function lag(
  sound: Float32Array,
  later: Float32Array,
  at: number,
): { readonly frames: number; readonly likeness: number } {
  let best = { frames: 0, likeness: -1 }
  for (let frames = -FARTHEST; frames <= FARTHEST; frames++) {
    let [product, left, right] = [0, 1e-9, 1e-9]
    for (let i = at; i < at + WINDOW; i++) {
      const a = sound[i] ?? 0
      const b = later[i + frames] ?? 0
      product += a * b
      left += a * a
      right += b * b
    }
    const likeness = product / Math.sqrt(left * right)
    if (likeness > best.likeness) best = { frames, likeness }
  }
  return best
}
