import {
  ALL_FORMATS,
  AudioSample,
  AudioSampleSource,
  BlobSource,
  BufferTarget,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  type InputTrack,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny'
import { describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { createPixels } from '../../models/pixels'
import { noise } from '../../tests/media/noise-clip'
import { folder } from '../storage/folders'
import { loadAacEncoder } from './aac'
import type { ClipInfo } from './clip-info'
import { I420Converter } from './i420'
import { SOURCE_TYPE } from './provenance'
import { remux } from './remux'
import { chooseVideoOutput } from './video-encoding'
import { readProvenance } from './video-provenance'

const KINDS = ['mp4', 'webm'] as const
type Kind = (typeof KINDS)[number]
const FRAMES = 90
const SECONDS = 3

/** As Live records: in pieces of half a second, at times that waver like a camera's. */
async function record(kind: Kind, withSound = true): Promise<Blob> {
  await loadAacEncoder()
  const format =
    kind === 'mp4'
      ? new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 0.3 })
      : new WebMOutputFormat({ appendOnly: true, minimumClusterDuration: 0.3 })
  const target = new BufferTarget()
  const output = new Output({ format, target })
  const info = {
    video: { codec: '', width: 160, height: 120, fps: 30, hdr: undefined },
  } as unknown as ClipInfo // all that is asked
  const { codec, encoder: config } = await chooseVideoOutput({ kind, quality: 'small' }, info)
  const pictures = new EncodedVideoPacketSource(codec)
  output.addVideoTrack(pictures)
  const sound = new AudioSampleSource({ codec: kind === 'mp4' ? 'aac' : 'opus', bitrate: 96_000 })
  if (withSound) output.addAudioTrack(sound)
  await output.start()
  const encoded: [EncodedVideoChunk, EncodedVideoChunkMetadata | undefined][] = []
  const encoder = new VideoEncoder({
    output: (chunk, meta) => encoded.push([chunk, meta]),
    error: (error) => {
      throw error
    },
  })
  encoder.configure(config)
  const converter = new I420Converter(160, 120)
  const pixels = createPixels(160, 120)
  for (let i = 0; i < FRAMES; i++) {
    for (let at = 0; at < pixels.data.length; at++) pixels.data[at] = (at >> 5) * 3 + i * 7
    const frame = converter.frame(pixels, Math.round((i * 1e6) / 30 + 4000 * Math.sin(i)), 33_333)
    encoder.encode(frame, { keyFrame: i % 15 === 0 })
    frame.close()
  }
  await encoder.flush()
  encoder.close()
  const second = noise(48_000)
  for (const [i, [chunk, meta]] of encoded.entries()) {
    await pictures.add(EncodedPacket.fromEncodedChunk(chunk), meta)
    if (!withSound || i % 30 !== 0) continue
    using sample = new AudioSample({
      data: second,
      format: 'f32-planar',
      numberOfChannels: 1,
      sampleRate: 48_000,
      timestamp: i / 30,
    })
    await sound.add(sample)
  }
  await output.finalize()
  return new Blob([target.buffer!])
}

async function finished(from: Blob, kind: Kind): Promise<File> {
  const to = await (await folder('remux-test')).getFileHandle(`finished.${kind}`, { create: true })
  const signal = new AbortController().signal
  await remux({ from, kind, to, onProgress: () => undefined, signal })
  return to.getFile()
}

interface Packets {
  readonly video: readonly EncodedPacket[]
  readonly audio: readonly EncodedPacket[]
}
async function packetsOf(file: Blob): Promise<Packets> {
  using input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS })
  const all = async (track: InputTrack | null) => {
    const packets: EncodedPacket[] = []
    if (track) for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet)
    return packets
  }
  return {
    video: await all(await input.getPrimaryVideoTrack()),
    audio: await all(await input.getPrimaryAudioTrack()),
  }
}

/** `some` are the first of `all`, in bytes and in time. */
function expectBeginning(some: readonly EncodedPacket[], all: readonly EncodedPacket[], kind: Kind): void {
  for (const [i, packet] of some.entries()) {
    expect(packet.data).toEqual(all[i]!.data)
    expect(packet.type).toBe(all[i]!.type)
    expect(Math.abs(packet.timestamp - all[i]!.timestamp)).toBeLessThan(kind === 'mp4' ? 2e-5 : 1e-9)
  }
}

async function base64(file: Blob): Promise<string> {
  let text = ''
  for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte)
  return btoa(text)
}

describe.each(KINDS)('a recording in %s', (kind) => {
  it('keeps every packet and gets an index', async () => {
    const recording = await record(kind)
    const before = await packetsOf(recording)
    expect(before.video).toHaveLength(FRAMES)
    const file = await finished(recording, kind)
    const after = await packetsOf(file)
    expect([after.video.length, after.audio.length]).toEqual([FRAMES, before.audio.length])
    expectBeginning(after.video, before.video, kind)
    expectBeginning(after.audio, before.audio, kind)
    expect(await readProvenance(file)).toBe(SOURCE_TYPE)
    const player = document.createElement('video')
    player.src = URL.createObjectURL(file)
    await new Promise((resolve, reject) => {
      player.onloadedmetadata = resolve
      player.onerror = () => reject(new Error(player.error?.message))
    })
    expect(player.duration).toBeCloseTo(SECONDS, 0)
    URL.revokeObjectURL(player.src)
    const probed = await commands.ffprobe(await base64(file))
    if (!probed) return
    expect(probed.complaints).toBe('')
    expect(probed.frameTimes).toHaveLength(FRAMES)
  })

  it('without sound is finished as well', async () => {
    const { video, audio } = await packetsOf(await finished(await record(kind, false), kind))
    expect([video.length, audio.length]).toEqual([FRAMES, 0])
  })

  it('that broke off anywhere gives what is there', async () => {
    const recording = await record(kind)
    const before = await packetsOf(recording)
    let longest = 0
    for (const share of [0.21, 0.377, 0.5, 0.613, 0.82, 0.97, 0.999]) {
      const left = recording.slice(0, Math.round(recording.size * share))
      const after = await packetsOf(await finished(left, kind))
      expectBeginning(after.video, before.video, kind)
      expectBeginning(after.audio, before.audio, kind)
      // All but the pieces that were not whole: two of half a second, and what sound takes of a share.
      expect(after.video.length).toBeGreaterThanOrEqual(Math.floor(FRAMES * share) - 40)
      expect(after.video.length).toBeGreaterThanOrEqual(longest)
      longest = after.video.length
    }
    expect(longest).toBeGreaterThan(FRAMES - 31)
  })

  it('of which nothing is left is refused, and no file remains', async () => {
    const recording = await record(kind)
    for (const bytes of [0, 20, 150])
      await expect(finished(recording.slice(0, bytes), kind)).rejects.toMatchObject({
        name: 'RecordingUnreadableError',
      })
  })

  it('stops when it is told to', async () => {
    const to = await (await folder('remux-test')).getFileHandle(`stopped.${kind}`, { create: true })
    const stop = new AbortController()
    const onProgress = () => stop.abort()
    const attempt = remux({ from: await record(kind), kind, to, onProgress, signal: stop.signal })
    await expect(attempt).rejects.toMatchObject({ name: 'AbortError' })
  })
})
