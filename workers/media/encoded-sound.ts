import { AudioSample, AudioSampleSource, canEncodeAudio, type InputAudioTrack } from 'mediabunny'
import { loadAacEncoder } from './aac'
import { aacDelay } from './aac-delay'
import type { AudioFeed, AudioPart } from './audio-part'
import { downmix } from './downmix'
import { opusHeadDelayS } from './opus'
import { Resampler } from './resampler'
import { steadySound } from './steady-sound'

/** Bits per second for two channels. */
const BITRATE = { mp4: 192_000, webm: 128_000 }
/** Rates that AAC has and that every player takes. */
const AAC_RATES = [48_000, 44_100, 32_000, 24_000, 22_050, 16_000]
const OPUS_RATE = 48_000
/** Frames in an AAC packet. */
const AAC_FRAMES = 1024

/**
 * A track's sound as AAC or Opus, in step with the source to the sample. `delayS` is added to the track's times to get the
 * moment of a decoder's output.
 */
export async function encodedSound(
  track: InputAudioTrack,
  { kind, originS, endS }: AudioPart,
  delayS: number,
  onWarning: (name: string) => void,
  signal: AbortSignal,
): Promise<AudioFeed> {
  const codec = kind === 'mp4' ? 'aac' : 'opus'
  const aac = codec === 'aac' ? await loadAacEncoder() : undefined
  const lastS = Math.min(endS, await track.computeDuration({ skipLiveWait: true }))
  const fromRate = await track.getSampleRate()
  const rate = codec === 'opus' ? OPUS_RATE : AAC_RATES.includes(fromRate) ? fromRate : 48_000
  const channels = await channelsFor(codec, await track.getNumberOfChannels(), rate)
  const bitrate = (BITRATE[kind] * Math.max(1.3, channels)) / 2 // one channel needs more than half of two
  const encoderDelayS = aac ? (await aacDelay(aac, rate, channels)) / rate : 0

  let opusDelay = 0
  const source = new AudioSampleSource({
    codec,
    bitrate,
    onEncodedPacket(_, meta) {
      if (codec === 'opus' && meta?.decoderConfig) opusDelay = opusHeadDelayS(meta.decoderConfig.description)
    },
  })
  return {
    source,
    metadata: {
      maximumPacketCount: Math.ceil((Math.max(0, lastS - originS + 1) * rate) / AAC_FRAMES) + 16,
      languageCode: await track.getLanguageCode(),
    },
    async *run() {
      const span = { originS, endS, delayS }
      const sound = steadySound(track, span, () => onWarning('SoundDamagedWarning'), signal)
      let resamplers: Resampler[] | undefined
      let next: number | undefined
      const add = async (planes: readonly Float32Array<ArrayBuffer>[], at: number): Promise<number> => {
        const frames = planes[0]?.length ?? 0
        next = at + frames
        if (frames === 0) return next / rate
        using sample = new AudioSample({
          data: joined(planes),
          format: 'f32-planar',
          numberOfChannels: planes.length,
          sampleRate: rate,
          timestamp: at / rate - encoderDelayS,
        })
        await source.add(sample)
        return next / rate
      }
      for await (const { rate: soundRate, frame, planes } of sound) {
        const mixed = downmix(planes, channels)
        if (soundRate === rate) {
          yield await add(mixed, frame)
          continue
        }
        resamplers ??= mixed.map(() => new Resampler(soundRate, rate))
        next ??= Math.round((frame * rate) / soundRate)
        yield await add(
          mixed.map((plane, channel) => resamplers?.[channel]?.add(plane) ?? plane),
          next,
        )
      }
      if (resamplers)
        await add(
          resamplers.map((resampler) => resampler.end()),
          next ?? 0,
        )
    },
    codecDelayS: () => opusDelay,
    [Symbol.dispose]: () => undefined,
  }
}

/** As many as there are where the encoder takes them, two otherwise. */
async function channelsFor(codec: 'aac' | 'opus', channels: number, sampleRate: number): Promise<number> {
  if (channels <= 2) return channels
  const takesAll =
    channels === 6 && (await canEncodeAudio(codec, { numberOfChannels: 6, sampleRate, bitrate: 384_000 }))
  return takesAll ? 6 : 2
}

function joined(planes: readonly Float32Array<ArrayBuffer>[]): Float32Array<ArrayBuffer> {
  const frames = planes[0]?.length ?? 0
  const all = new Float32Array(frames * planes.length)
  for (const [channel, plane] of planes.entries()) all.set(plane, channel * frames)
  return all
}
