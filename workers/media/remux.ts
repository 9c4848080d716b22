import {
  ALL_FORMATS,
  BlobSource,
  EncodedAudioPacketSource,
  type EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  type InputTrack,
  type InputVideoTrack,
} from 'mediabunny'
import { namedError } from '../rpc/named-error'
import { openFileWriter } from './file-writer'
import { frameClock } from './frame-clock'
import { opusDelayS } from './opus'
import { resultFile } from './result-file'

export interface Remux {
  /** Of the same kind of container; written in fragments, and perhaps cut off anywhere. */
  readonly from: Blob
  readonly kind: 'mp4' | 'webm'
  /** Another file, written anew; empty or gone when the promise rejects. */
  readonly to: FileSystemFileHandle
  /** 0..1 */
  readonly onProgress: (done: number) => void
  readonly signal: AbortSignal
}

/**
 * Makes a finished file of one that was written as it went: the same packets at the same times, but with an index, so that
 * players know how long it is and can seek. What is missing at the end of the old one is left out.
 * Rejects with an Error named `RecordingUnreadableError` when it has not even one frame.
 */
export async function remux({ from, kind, to, onProgress, signal }: Remux): Promise<void> {
  using input = new Input({ source: new BlobSource(from), formats: ALL_FORMATS })
  const video = await input.getPrimaryVideoTrack().catch(() => null)
  const codec = await video?.getCodec()
  if (!video || !codec) throw namedError('RecordingUnreadableError', 'It holds no video.')
  const audio = await input.getPrimaryAudioTrack()
  const audioCodec = await audio?.getCodec()
  const times = await frameTimes(video, signal)
  if (times.length === 0) throw namedError('RecordingUnreadableError', 'It holds no whole frame.')

  const file = await openFileWriter(to)
  const clock = {
    ...frameClock(
      times.toSorted((a, b) => a - b),
      await video.getTimeResolution(),
      undefined,
    ),
    frameS: undefined,
  }
  const result = resultFile(kind, file, clock, times.length)
  try {
    const { output } = result
    const pictures = new EncodedVideoPacketSource(codec)
    output.addVideoTrack(pictures, result.videoTrack)
    const sound = audio && audioCodec ? new EncodedAudioPacketSource(audioCodec) : undefined
    if (audio && sound)
      output.addAudioTrack(sound, { ...result.audioTrack, maximumPacketCount: await countPackets(audio) })
    await output.start()
    const decoderConfig = await video.getDecoderConfig()
    const audioConfig = await audio?.getDecoderConfig()
    const heard = audio && sound ? wholePackets(audio, signal) : undefined
    let packet = await heard?.next()
    let done = 0
    for await (const frame of wholePackets(video, signal)) {
      for (
        ;
        packet && !packet.done && packet.value.timestamp <= frame.timestamp;
        packet = await heard?.next()
      )
        await sound?.add(packet.value, audioConfig ? { decoderConfig: audioConfig } : undefined)
      await pictures.add(frame, decoderConfig ? { decoderConfig } : undefined)
      onProgress(++done / times.length)
    }
    for (; packet && !packet.done; packet = await heard?.next())
      await sound?.add(packet.value, audioConfig ? { decoderConfig: audioConfig } : undefined)
    await output.finalize()
    await result.complete(kind === 'webm' && audio ? await opusDelayS(audio) : 0)
    await file.close()
  } catch (error) {
    await result.output.cancel().catch(() => {}) // its file may be what failed
    await file.abandon()
    throw error
  }
}

async function frameTimes(track: InputVideoTrack, signal: AbortSignal): Promise<number[]> {
  const times: number[] = []
  for await (const { timestamp } of wholePackets(track, signal)) times.push(timestamp)
  return times
}

async function countPackets(track: InputTrack): Promise<number> {
  let count = 0
  for await (const _ of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true }))
    count++
  return count
}

/** Those whose bytes are all there, up to the first that is not. */
async function* wholePackets(
  track: InputTrack,
  signal: AbortSignal,
): AsyncGenerator<EncodedPacket, void, void> {
  const packets = new EncodedPacketSink(track).packets()
  for (;;) {
    signal.throwIfAborted()
    const next = await packets.next().catch(() => undefined) // it goes beyond the end of the file
    if (!next || next.done) return
    yield next.value
  }
}
