import { BlobSource, EncodedPacketSink, Input, MP4, VideoSampleSink } from 'mediabunny'
import { describe, expect, it } from 'vitest'
import { createPixels, type Pixels } from '../../models/pixels'
import { folder } from '../storage/folders'
import type { ClipInfo } from './clip-info'
import { chooseVideoOutput, type VideoOutput } from './video-encoding'
import { openVideoSegment, SEGMENT_FPS } from './video-segment'

const KINDS = ['mp4', 'webm'] as const

const infoOf = (width: number, height: number, fps = 30): ClipInfo => ({
  container: 'MP4',
  bytes: 0,
  fromS: 0,
  toS: 1,
  video: { codec: 'H.264', width, height, fps, hdr: undefined },
  audio: undefined,
  converted: false,
  warnings: [],
})

/** Skin, sky, leaves, the corners of the cube. */
const COLOURS = [
  [220, 170, 140],
  [96, 64, 51],
  [60, 120, 200],
  [40, 90, 30],
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
  [0, 0, 0],
  [128, 128, 128],
] as const

/** Bars of colour; each frame a little darker than the one before, so that no encoder can skip any. */
function bars(width: number, height: number, frame = 0): Pixels {
  const pixels = createPixels(width, height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const colour = COLOURS[Math.floor((x * COLOURS.length) / width)] ?? COLOURS[0]
      pixels.data.set([...colour.map((value) => Math.max(0, value - frame)), 255], 4 * (y * width + x))
    }
  return pixels
}

async function segmentFile(name: string): Promise<FileSystemFileHandle> {
  return (await folder('segment-test')).getFileHandle(name, { create: true })
}

async function write(output: VideoOutput, name: string, pictures: readonly Pixels[]): Promise<File> {
  const file = await segmentFile(name)
  await using segment = await openVideoSegment(file, output)
  for (const [i, picture] of pictures.entries()) await segment.add(picture, i / 30, 1 / 30)
  await segment.finish()
  return file.getFile()
}

interface Frame {
  readonly index: number
  readonly type: string
}

/** Packets, and every frame as a canvas shows it. */
async function readSegment(file: Blob) {
  using input = new Input({ source: new BlobSource(file), formats: [MP4] })
  const track = (await input.getPrimaryVideoTrack())!
  const packets: Frame[] = []
  for await (const { timestamp, type } of new EncodedPacketSink(track).packets())
    packets.push({ index: timestamp * SEGMENT_FPS, type })
  const shown: ImageData[] = []
  const width = await track.getDisplayWidth()
  const height = await track.getDisplayHeight()
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
  for await (const sample of new VideoSampleSink(track).samples()) {
    using _ = sample
    sample.draw(context, 0, 0)
    shown.push(context.getImageData(0, 0, width, height))
  }
  return { packets, shown, config: (await track.getDecoderConfig())! }
}

describe.each(KINDS)('for %s', (kind) => {
  const format = { kind, quality: 'high' } as const

  it('holds every frame, begins with a key frame, and says which colours it has', async () => {
    const output = await chooseVideoOutput(format, infoOf(320, 64))
    const pictures = Array.from({ length: 12 }, (_, i) => bars(320, 64, i))
    const { packets, shown, config } = await readSegment(await write(output, 'frames', pictures))
    expect(packets.map(({ index }) => Math.round(index)).toSorted((a, b) => a - b)).toEqual(
      pictures.map((_, i) => i),
    )
    expect(packets[0]).toEqual({ index: 0, type: 'key' })
    expect(config.colorSpace).toMatchObject({
      primaries: 'bt709',
      transfer: 'bt709',
      matrix: 'bt709',
      fullRange: false,
    })
    expect(shown).toHaveLength(pictures.length)
  })

  it('keeps colours', async () => {
    const output = await chooseVideoOutput(format, infoOf(320, 64))
    const picture = bars(320, 64)
    const { shown } = await readSegment(await write(output, 'colours', Array(15).fill(picture)))
    // Chromium itself, turning pure blue back into RGB, is 12 off; BT.601 would be 30, full range 16.
    for (let bar = 0; bar < COLOURS.length; bar++) {
      const at = 4 * (32 * 320 + bar * 32 + 16)
      for (let channel = 0; channel < 3; channel++)
        expect(Math.abs(shown.at(-1)!.data[at + channel]! - picture.data[at + channel]!)).toBeLessThan(14)
    }
  })

  it.each([
    [161, 121],
    [7, 90],
    [33, 2],
  ])('loses nothing of a picture of %i × %i', async (width, height) => {
    const output = await chooseVideoOutput(format, infoOf(width, height))
    const { shown } = await readSegment(await write(output, 'odd', Array(4).fill(bars(width, height))))
    const last = shown.at(-1)!
    const even = (size: number) => Math.max(16, size + (size % 2))
    expect([last.width, last.height]).toEqual(kind === 'mp4' ? [even(width), even(height)] : [width, height])
    // The last column and row that were filmed, and what was added to them.
    const picture = bars(width, height)
    for (let y = 0; y < last.height; y++) {
      const from = 4 * (Math.min(y, height - 1) * width + width - 1)
      for (let x = width - 1; x < last.width; x++)
        expect(Math.abs(last.data[4 * (y * last.width + x)]! - picture.data[from]!)).toBeLessThan(24)
    }
  })

  it('agrees with the other segments of its job', async () => {
    const output = structuredClone(await chooseVideoOutput(format, infoOf(320, 64)))
    const first = await readSegment(await write(output, 'first', [bars(320, 64)]))
    const second = await readSegment(await write(output, 'second', [bars(320, 64, 30), bars(320, 64, 60)]))
    expect(second.packets[0]?.type).toBe('key')
    expect(second.config).toEqual(first.config)
  })

  it('leaves nothing behind when it is given up', async () => {
    const output = await chooseVideoOutput(format, infoOf(320, 64))
    const file = await segmentFile('given up')
    {
      await using segment = await openVideoSegment(file, output)
      for (let i = 0; i < 5; i++) await segment.add(bars(320, 64, i), i / 30, 1 / 30)
    }
    const size = await file.getFile().then(
      ({ size }) => size,
      () => 0, // it is gone
    )
    expect(size).toBe(0)
    // and can be begun again
    const { packets } = await readSegment(await write(output, 'given up', [bars(320, 64)]))
    expect(packets).toHaveLength(1)
  })

  it('takes frames whose times hardly differ', async () => {
    const output = await chooseVideoOutput(format, infoOf(320, 64))
    const file = await segmentFile('close')
    await using segment = await openVideoSegment(file, output)
    for (let i = 0; i < 4; i++) await segment.add(bars(320, 64, 10 * i), 1 + i * 1e-8, 1e-8)
    await segment.finish()
    expect((await readSegment(await file.getFile())).packets).toHaveLength(4)
  })
})

it('says so when the encoder cannot do what it is asked for', async () => {
  const output = await chooseVideoOutput({ kind: 'mp4', quality: 'high' }, infoOf(64, 64))
  const impossible = { ...output, encoder: { ...output.encoder, width: 63 } }
  const attempt = async () => {
    await using segment = await openVideoSegment(await segmentFile('impossible'), impossible)
    await segment.add(createPixels(63, 64), 0, 1)
    await segment.finish()
  }
  await expect(attempt()).rejects.toMatchObject({ name: 'VideoEncoderError' })
})

it('refuses pictures that do not fit', async () => {
  const output = await chooseVideoOutput({ kind: 'webm', quality: 'high' }, infoOf(64, 64))
  await using segment = await openVideoSegment(await segmentFile('large'), output)
  await expect(segment.add(createPixels(65, 64), 0, 1)).rejects.toThrow(RangeError)
})

it('asks for more bits for larger, faster and better pictures', async () => {
  const bitrate = async (width: number, fps: number, quality: 'high' | 'medium' | 'small') =>
    (await chooseVideoOutput({ kind: 'mp4', quality }, infoOf(width, 480, fps))).encoder.bitrate!
  expect(await bitrate(640, 30, 'medium')).toBeLessThan(await bitrate(640, 30, 'high'))
  expect(await bitrate(640, 30, 'small')).toBeLessThan(await bitrate(640, 30, 'medium'))
  expect(await bitrate(640, 30, 'high')).toBeLessThan(await bitrate(1280, 30, 'high'))
  expect(await bitrate(640, 30, 'high')).toBeLessThan(await bitrate(640, 60, 'high'))
})

it('names what is missing where nothing encodes a picture', async () => {
  const attempt = chooseVideoOutput({ kind: 'mp4', quality: 'high' }, infoOf(40_000, 40_000))
  await expect(attempt).rejects.toMatchObject({ name: 'NoVideoEncoderError' })
})
