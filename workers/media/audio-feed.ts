/** The sound of a result: the source's own packets where the container takes them, encoded anew where not. */
import {
  type AudioCodec,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  type InputAudioTrack,
  MATROSKA,
  WEBM,
} from 'mediabunny'
import type { AudioFeed, AudioPart } from './audio-part'
import type { ClipReader } from './clip-reader'
import { encodedSound } from './encoded-sound'
import { foreignSound } from './foreign-sound'
import { opusDelayS } from './opus'

/** Codecs whose packets are copied: those that play wherever the container does, */
const COPIED: Record<'mp4' | 'webm', readonly AudioCodec[]> = {
  mp4: ['aac', 'mp3'],
  webm: ['opus', 'vorbis'],
}
/** and those that play where this browser plays them. */
const COPIED_IF_DECODED: Record<'mp4' | 'webm', readonly AudioCodec[]> = {
  mp4: ['ac3', 'eac3'],
  webm: [],
}

/**
 * undefined when there is no sound, or it has to be left out: `onWarning` is told (names from words/errors.ts). `onBusy` is
 * called now and then while ffmpeg is at work.
 */
export async function openAudioFeed(
  reader: ClipReader,
  part: AudioPart,
  onWarning: (name: string) => void,
  onBusy: () => void,
  signal: AbortSignal,
): Promise<AudioFeed | undefined> {
  const track = reader.audioTrack
  if (!track) return undefined
  const codec = await track.getCodec()
  if (codec && COPIED[part.kind].includes(codec)) return copiedSound(track, codec, part, signal)
  if (await track.canDecode()) {
    if (codec && COPIED_IF_DECODED[part.kind].includes(codec)) return copiedSound(track, codec, part, signal)
    return encodedSound(track, part, await spokenDelayS(track), onWarning, signal)
  }
  try {
    const foreign = await foreignSound(reader, onBusy, signal)
    const feed =
      part.kind === 'mp4'
        ? await copiedSound(foreign.track, 'aac', part, signal)
        : await encodedSound(foreign.track, part, 0, onWarning, signal)
    return { ...feed, [Symbol.dispose]: () => foreign[Symbol.dispose]() }
  } catch (error) {
    signal.throwIfAborted()
    console.warn('sound', error)
    onWarning('SoundLeftOutWarning')
    return undefined
  }
}

/**
 * Opus begins with sound that is not to be heard. In Matroska a packet's time is that of its sound after this; everywhere else
 * it is the packet's own. What decoders give us belongs to the former.
 */
async function spokenDelayS(track: InputAudioTrack): Promise<number> {
  return (await isMatroska(track)) ? 0 : await opusDelayS(track)
}

async function isMatroska(track: InputAudioTrack): Promise<boolean> {
  const format = await track.input.getFormat()
  return format === MATROSKA || format === WEBM
}

async function copiedSound(
  track: InputAudioTrack,
  codec: AudioCodec,
  { kind, originS, endS, whole }: AudioPart,
  signal: AbortSignal,
): Promise<AudioFeed> {
  const sink = new EncodedPacketSink(track)
  const decoderConfig = (await track.getDecoderConfig()) ?? undefined
  const delayS = await opusDelayS(track)
  // From the times of the source's container to those of the result's.
  const restampS = ((await isMatroska(track)) ? 0 : delayS) - (kind === 'mp4' ? delayS : 0) - originS
  const source = new EncodedAudioPacketSource(codec)

  async function* packets(metadataOnly: boolean) {
    // mp4 can hide what comes before 0, and decoders want to hear a packet or two before they are heard themselves.
    const leadS = kind === 'mp4' ? 0.05 : 0
    const first = whole ? await sink.getFirstPacket() : await sink.getPacket(originS - leadS)
    const start = first ?? (await sink.getFirstPacket())
    if (!start) return
    for await (const packet of sink.packets(start, undefined, { metadataOnly })) {
      signal.throwIfAborted()
      const timestamp = packet.timestamp + restampS
      if (packet.timestamp >= endS) return
      if (kind === 'mp4' || timestamp > -0.0005)
        yield { packet, timestamp: kind === 'mp4' ? timestamp : Math.max(0, timestamp) }
    }
  }

  let count = 0
  if (kind === 'mp4') for await (const _ of packets(true)) count++
  return {
    source,
    metadata: { maximumPacketCount: count, languageCode: await track.getLanguageCode() },
    async *run() {
      for await (const { packet, timestamp } of packets(false)) {
        const duration = Math.min(packet.duration, endS - packet.timestamp)
        await source.add(packet.clone({ timestamp, duration }), decoderConfig && { decoderConfig })
        yield timestamp
      }
    },
    codecDelayS: () => (kind === 'webm' ? delayS : 0),
    [Symbol.dispose]: () => undefined,
  }
}
