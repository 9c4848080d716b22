/** What tests of written clips share: a thread that writes them, and looks into the files. For browser tests. */
import '../../workers/rpc/signal'
import { wrap } from 'comlink'
import {
  ALL_FORMATS,
  BlobSource,
  EncodedPacketSink,
  Input,
  type InputTrack,
  type InputVideoTrack,
  VideoSampleSink,
} from 'mediabunny'
import { inject } from 'vitest'
import { createPixels } from '../../models/pixels'
import type { ClipName } from './clip-recipes'
import { readFrameNumber } from './frame-number'
import type { WriteOptions, WritingApi, Written } from './writing.worker'

export const KINDS = ['mp4', 'webm'] as const
export type Kind = (typeof KINDS)[number]
export const NTSC_S = 1001 / 30_000

const clips = inject('clips')
/** Those of them that this machine has. */
export const made = (...names: readonly ClipName[]) => names.filter((name) => clips[name])

export async function fetchClip(name: ClipName): Promise<File> {
  const response = await fetch(`/@fs${clips[name]?.path}`)
  return new File([await response.blob()], name)
}

export const writing = wrap<WritingApi>(
  new Worker(new URL('./writing.worker.ts', import.meta.url), { type: 'module' }),
)

export const rewrite = (clip: File, kind: Kind, options: Partial<WriteOptions> = {}): Promise<Written> =>
  writing.rewrite(clip, `${clip.name}-${kind}`, { format: { kind, quality: 'high' }, ...options }, never())

export const never = (): AbortSignal => new AbortController().signal
export const read = (file: Blob) => new Input({ source: new BlobSource(file), formats: ALL_FORMATS })

/** For commands.ffprobe. */
export async function base64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}

export interface Packet {
  readonly timestamp: number
  readonly data: Uint8Array
}

/** In the order they are decoded. */
export async function packetsOf(track: InputTrack): Promise<readonly Packet[]> {
  const packets: Packet[] = []
  for await (const { timestamp, data } of new EncodedPacketSink(track).packets())
    packets.push({ timestamp, data })
  return packets
}

/** Sorted, seconds. */
export const timesOf = (packets: readonly Packet[]) =>
  packets.map(({ timestamp }) => timestamp).toSorted((a, b) => a - b)

/** What tests/media/frame-number.ts wrote into each frame. */
export async function numbersOf(track: InputVideoTrack): Promise<readonly number[]> {
  const numbers: number[] = []
  for await (const sample of new VideoSampleSink(track).samples()) {
    using _ = sample
    const frame = sample.toVideoFrame()
    const pixels = createPixels(frame.displayWidth, frame.displayHeight)
    await frame.copyTo(pixels.data, { format: 'RGBA' })
    frame.close()
    numbers.push(readFrameNumber(pixels))
  }
  return numbers
}
