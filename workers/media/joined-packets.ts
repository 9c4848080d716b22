import {
  BlobSource,
  type EncodedPacket,
  EncodedPacketSink,
  Input,
  type InputVideoTrack,
  MP4,
} from 'mediabunny'
import { namedError } from '../rpc/named-error'
import { lengthBytesOf, parameterSets } from './avc-parameters'
import type { Moment } from './schedule'
import { SEGMENT_FPS } from './video-segment'

export interface JoinedPacket {
  readonly packet: EncodedPacket
  /** The same for all of them. */
  readonly decoderConfig: VideoDecoderConfig
}

/**
 * The packets of all segments in the order they are decoded, each at its frame's moment. Rejects with an Error named
 * `SegmentsBrokenError` when they do not make up exactly these frames.
 *
 * Usually all encoders say the same about their stream. Where one does not (the browser was updated in the middle of a
 * job, say), every key frame of H.264 is given its parameters with it, so that decoders follow.
 */
export async function* joinedPackets(
  segments: readonly Blob[],
  moments: readonly Moment[],
): AsyncGenerator<JoinedPacket, void, void> {
  const streams: VideoDecoderConfig[] = []
  for (const [number, segment] of segments.entries()) {
    using open = await openSegment(segment, number)
    streams.push(open.config)
  }
  const [decoderConfig] = streams
  const isOneStream = streams.every((stream) => isSame(bytesOf(stream), bytesOf(decoderConfig)))
  let firstFrame = 0
  for (const [number, segment] of segments.entries()) {
    using open = await openSegment(segment, number)
    const parameters = isOneStream ? undefined : parametersOf(number, open.config, streams)
    let frames = 0
    for await (const packet of new EncodedPacketSink(open.track).packets()) {
      const moment = moments[firstFrame + Math.round(packet.timestamp * SEGMENT_FPS)]
      if (!moment) throw broken(`Segment ${number} holds more frames than the clip.`)
      const data = parameters && packet.type === 'key' ? joined(parameters, packet.data) : packet.data
      yield {
        packet: packet.clone({ data, timestamp: moment.timeS, duration: moment.durationS }),
        decoderConfig: decoderConfig ?? open.config,
      }
      frames++
    }
    firstFrame += frames
  }
  if (firstFrame !== moments.length)
    throw broken(`The segments hold ${firstFrame} frames of ${moments.length}.`)
}

interface OpenSegment extends Disposable {
  readonly track: InputVideoTrack
  readonly config: VideoDecoderConfig
}

async function openSegment(segment: Blob, number: number): Promise<OpenSegment> {
  const input = new Input({ source: new BlobSource(segment), formats: [MP4] })
  try {
    const track = await input.getPrimaryVideoTrack()
    const config = await track?.getDecoderConfig()
    if (!track || !config) throw new Error('There is no video in it.')
    return { track, config, [Symbol.dispose]: () => input.dispose() }
  } catch (error) {
    input.dispose()
    throw broken(`Segment ${number} cannot be read: ${error}`)
  }
}

/** To stand in front of the segment's key frames. */
function parametersOf(
  number: number,
  config: VideoDecoderConfig,
  streams: readonly VideoDecoderConfig[],
): Uint8Array<ArrayBuffer> {
  const isAlike = streams.every(
    (stream) =>
      stream.codedWidth === config.codedWidth &&
      stream.codedHeight === config.codedHeight &&
      lengthBytesOf(bytesOf(stream)) === lengthBytesOf(bytesOf(config)),
  )
  const parameters = config.codec.startsWith('avc') && isAlike ? parameterSets(bytesOf(config)) : undefined
  if (!parameters) throw broken(`Segment ${number} was encoded in another way than others.`)
  return parameters
}

const broken = (detail: string): Error => namedError('SegmentsBrokenError', detail)

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at])

function joined(front: Uint8Array, back: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(front.length + back.length)
  both.set(front)
  both.set(back, front.length)
  return both
}

/** What a decoder must know beforehand. VP9 says it in its key frames. */
function bytesOf(config: VideoDecoderConfig | undefined): Uint8Array {
  const source = config?.description
  if (!source) return new Uint8Array()
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)
}
