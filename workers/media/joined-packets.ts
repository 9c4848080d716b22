import { BlobSource, type EncodedPacket, EncodedPacketSink, Input, MP4 } from 'mediabunny'
import { namedError } from '../rpc/named-error'
import type { Moment } from './schedule'
import { SEGMENT_FPS } from './video-segment'

export interface JoinedPacket {
  readonly packet: EncodedPacket
  /** The same for all of them. */
  readonly decoderConfig: VideoDecoderConfig
}

/**
 * The packets of all segments in the order they are decoded, each at its frame's moment. Rejects with an Error named
 * `SegmentsBrokenError` when they do not make up exactly these frames in one stream.
 */
export async function* joinedPackets(
  segments: readonly Blob[],
  moments: readonly Moment[],
): AsyncGenerator<JoinedPacket, void, void> {
  let decoderConfig: VideoDecoderConfig | undefined
  let firstFrame = 0
  for (const [number, segment] of segments.entries()) {
    using input = new Input({ source: new BlobSource(segment), formats: [MP4] })
    const track = await input.getPrimaryVideoTrack().catch((error) => {
      throw broken(`Segment ${number} cannot be read: ${error}`)
    })
    const config = await track?.getDecoderConfig()
    if (!track || !config) throw broken(`Segment ${number} holds no video.`)
    if (decoderConfig && !isSameStream(decoderConfig, config))
      throw broken(`Segment ${number} was encoded in another way than those before it.`)
    decoderConfig ??= config
    let frames = 0
    for await (const packet of new EncodedPacketSink(track).packets()) {
      const moment = moments[firstFrame + Math.round(packet.timestamp * SEGMENT_FPS)]
      if (!moment) throw broken(`Segment ${number} holds more frames than the clip.`)
      yield { packet: packet.clone({ timestamp: moment.timeS, duration: moment.durationS }), decoderConfig }
      frames++
    }
    firstFrame += frames
  }
  if (firstFrame !== moments.length)
    throw broken(`The segments hold ${firstFrame} frames of ${moments.length}.`)
}

const broken = (detail: string): Error => namedError('SegmentsBrokenError', detail)

/** Whether one decoder can go on from one to the other without being told. */
function isSameStream(a: VideoDecoderConfig, b: VideoDecoderConfig): boolean {
  if (a.codec !== b.codec || a.codedWidth !== b.codedWidth || a.codedHeight !== b.codedHeight) return false
  const [before, after] = [bytesOf(a.description), bytesOf(b.description)]
  return before.length === after.length && before.every((byte, at) => byte === after[at])
}

function bytesOf(source: AllowSharedBufferSource | undefined): Uint8Array {
  if (!source) return new Uint8Array()
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)
}
