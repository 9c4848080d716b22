import '../rpc/signal'
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
import { afterAll, describe, expect, inject, test } from 'vitest'
import { commands } from 'vitest/browser'
import { createPixels } from '../../models/pixels'
import type { ClipName } from '../../tests/media/clip-recipes'
import { readFrameNumber } from '../../tests/media/frame-number'
import { heard, lag, noise, withNoise } from '../../tests/media/noise-clip'
import type { WriteOptions, WritingApi, Written } from '../../tests/media/writing.worker'
import { SOURCE_TYPE } from './provenance'
import { readProvenance } from './video-provenance'

const worker = new Worker(new URL('../../tests/media/writing.worker.ts', import.meta.url), { type: 'module' })
const writing = wrap<WritingApi>(worker)
afterAll(() => worker.terminate())

const clips = inject('clips')
const made = (...names: readonly ClipName[]) => names.filter((name) => clips[name])
const KINDS = ['mp4', 'webm'] as const
type Kind = (typeof KINDS)[number]
const NTSC_S = 1001 / 30_000

async function fetchClip(name: ClipName): Promise<File> {
  const response = await fetch(`/@fs${clips[name]!.path}`)
  return new File([await response.blob()], name)
}

const rewrite = (
  clip: File,
  kind: Kind,
  options: Partial<WriteOptions> = {},
  signal = never(),
): Promise<Written> =>
  writing.rewrite(clip, `${clip.name}-${kind}`, { format: { kind, quality: 'high' }, ...options }, signal)

const never = (): AbortSignal => new AbortController().signal
const read = (file: Blob) => new Input({ source: new BlobSource(file), formats: ALL_FORMATS })

async function base64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}

interface Packet {
  readonly timestamp: number
  readonly data: Uint8Array
}
async function packetsOf(track: InputTrack): Promise<readonly Packet[]> {
  const packets: Packet[] = []
  for await (const { timestamp, data } of new EncodedPacketSink(track).packets())
    packets.push({ timestamp, data })
  return packets
}
const timesOf = (packets: readonly Packet[]) =>
  packets.map(({ timestamp }) => timestamp).toSorted((a, b) => a - b)

async function numbersOf(track: InputVideoTrack): Promise<readonly number[]> {
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

/** Half a tick: of the file's clock where it is ours, of a millisecond in WebM or from it. */
const slackS = (kind: Kind, name: ClipName): number =>
  // Its edit list counts milliseconds; there are two ways to round.
  name === 'offset' ? 0.001 : kind === 'webm' || /webm|mkv/.test(clips[name]!.path) ? 0.000_501 : 0.000_000_5

test.runIf(clips.endCut).each(KINDS)(
  'what an edit list cuts off at the end stays off, in %s',
  async (kind) => {
    const { file } = await rewrite(await fetchClip('endCut'), kind)
    using input = read(file)
    expect(await (await input.getPrimaryVideoTrack())!.computeDuration()).toBeCloseTo(1.5, 2)
    const soundS = await (await input.getPrimaryAudioTrack())!.computeDuration()
    expect(Math.abs(soundS - 1.5)).toBeLessThan(0.06) // a packet of AAC is 21 ms long
  },
)

describe.each(KINDS)('%s', (kind) => {
  test.for(
    kind === 'mp4'
      ? made(
          'mp4',
          'bframes',
          'vfr',
          'rotated',
          'mov',
          'webm',
          'mkv',
          'late',
          'offset',
          'longAudio',
          'silent',
        )
      : made('mp4', 'vfr', 'webm', 'late'),
  )('of %s shows every frame once, when the source does, and others see it so', async (name) => {
    const { times: sourceTimes, first } = clips[name]!
    // A transport stream has no zero of its own. (The sound of this one is of a kind that is not found.)
    const zeroS = name === 'transport' ? sourceTimes[0]! : 0
    const times = sourceTimes.map((time) => time - zeroS)
    const { file, warnings, progress } = await rewrite(await fetchClip(name), kind)
    expect(warnings).toEqual([])
    expect(progress.at(-1)).toBe(1)
    using input = read(file)
    const track = (await input.getPrimaryVideoTrack())!
    expect(await numbersOf(track)).toEqual(times.map((_, i) => first + i))
    const shown = timesOf(await packetsOf(track))
    expect(shown).toHaveLength(times.length)
    for (const [i, time] of times.entries())
      expect(Math.abs(shown[i]! - time)).toBeLessThan(slackS(kind, name))
    expect(await input.getAudioTracks()).toHaveLength(
      ['silent', 'bframes', 'transport'].includes(name) ? 0 : 1,
    )

    const probed = await commands.ffprobe(await base64(file))
    if (!probed) return
    expect(probed.complaints).toBe('')
    const video = probed.streams.find(({ codec_type: type }) => type === 'video')!
    expect(video).toMatchObject({
      codec_name: kind === 'mp4' ? 'h264' : 'vp9',
      color_space: 'bt709',
      color_transfer: 'bt709',
      color_primaries: 'bt709',
      color_range: 'tv',
    })
    if (name !== 'vfr') {
      const rate = name === 'bframes' ? '30/1' : '30000/1001'
      expect(video).toMatchObject({ r_frame_rate: rate, avg_frame_rate: rate })
    }
    expect(probed.frameTimes).toHaveLength(times.length)
    for (const [i, time] of times.entries())
      expect(Math.abs(probed.frameTimes[i]! - time)).toBeLessThan(Math.max(slackS(kind, name), 0.000_02))
  })

  test('joins segments without touching a packet', async () => {
    const { file, segments } = await rewrite(await fetchClip('mp4'), kind, { perSegment: 20 })
    expect(segments).toHaveLength(4)
    const packets: Packet[] = []
    for (const segment of segments) {
      using part = read(segment)
      packets.push(...(await packetsOf((await part.getPrimaryVideoTrack())!)))
    }
    using input = read(file)
    const joined = await packetsOf((await input.getPrimaryVideoTrack())!)
    expect(joined.map(({ data }) => data)).toEqual(packets.map(({ data }) => data))
  })

  test('says where it comes from, plays, and can be looked through', async () => {
    const { file } = await rewrite(await fetchClip('mp4'), kind)
    expect(await readProvenance(file)).toBe(SOURCE_TYPE)
    const player = document.createElement('video')
    player.src = URL.createObjectURL(file)
    player.muted = true
    await new Promise((resolve, reject) => {
      player.oncanplaythrough = resolve
      player.onerror = () => reject(new Error(player.error?.message))
    })
    expect(player.duration).toBeCloseTo(75 * NTSC_S, 1)
    player.currentTime = 2
    await new Promise((resolve) => {
      player.onseeked = resolve
    })
    expect(player.currentTime).toBe(2)
    URL.revokeObjectURL(player.src)
  })

  test.for([
    { rate: 48_000, channels: 2, seconds: 6 },
    { rate: 44_100, channels: 1, seconds: 4 },
    { rate: 96_000, channels: 2, seconds: 3 },
    { rate: 48_000, channels: 6, seconds: 3 },
    { rate: 48_000, channels: 2, seconds: 2, fromS: 0.4375 },
  ])('keeps sound in step to the sample when it has to be encoded: %o', async (sound) => {
    const { rate, channels, seconds, fromS = 0 } = sound
    const clip = await withNoise(await fetchClip('mp4'), sound)
    using source = read(clip)
    const { file, warnings } = await rewrite(clip, kind)
    expect(warnings).toEqual([])
    using input = read(file)
    const track = (await input.getPrimaryAudioTrack())!
    expect(await track.getCodec()).toBe(kind === 'mp4' ? 'aac' : 'opus')
    // Chromium's Opus encoder takes two channels at most.
    if (channels <= 2 || kind === 'mp4') expect(await track.getNumberOfChannels()).toBe(channels)
    const outRate = await track.getSampleRate()
    const original = await heard((await source.getPrimaryAudioTrack())!, fromS + seconds)
    const result = await heard(track, fromS + seconds)
    for (const at of [fromS + 0.1, fromS + seconds / 2, fromS + seconds - 0.3]) {
      // At the result's rate, by the nearest frame: near enough to tell which moment is which.
      const wanted = result.map((_, i) => original[Math.round((i * rate) / outRate)] ?? 0)
      const { frames, likeness } = lag(wanted, result, Math.round(at * outRate))
      expect(likeness).toBeGreaterThan(0.6)
      expect(Math.abs(frames)).toBeLessThanOrEqual(kind === 'webm' ? 30 : 1) // WebM counts milliseconds
    }
    const probed = await commands.ffprobe(await base64(file))
    if (!probed || rate !== 48_000 || channels > 2) return
    const others = new Int16Array(Uint8Array.from(atob(probed.sound), (c) => c.charCodeAt(0)).buffer)
    const { frames, likeness } = lag(
      original,
      Float32Array.from(others),
      Math.round((fromS + seconds / 2) * rate),
    )
    expect(likeness).toBeGreaterThan(0.6)
    expect(Math.abs(frames)).toBeLessThanOrEqual(kind === 'webm' ? 30 : 1)
  })

  test('of a part begins with its first frame, in step with its sound', async () => {
    const clip = await withNoise(await fetchClip('mp4'), { rate: 48_000, channels: 2, seconds: 3 })
    const { file, times } = await rewrite(clip, kind, { span: { fromS: 0.81, toS: 1.93 }, perSegment: 20 })
    using input = read(file)
    const video = (await input.getPrimaryVideoTrack())!
    expect(times[0]).toBeCloseTo(24 * NTSC_S, 6)
    expect(await numbersOf(video)).toEqual(times.map((_, i) => 24 + i))
    const shown = timesOf(await packetsOf(video))
    for (const [i, time] of shown.entries()) expect(Math.abs(time - i * NTSC_S)).toBeLessThan(0.000_501)
    const track = (await input.getPrimaryAudioTrack())!
    const original = noise(48_000 * 3).slice(Math.round(times[0]! * 48_000))
    const result = await heard(track, 1.2)
    for (const at of [0.02, 0.5, 1]) {
      const { frames, likeness } = lag(original, result, Math.round(at * 48_000))
      expect(likeness).toBeGreaterThan(0.6)
      expect(Math.abs(frames)).toBeLessThanOrEqual(kind === 'webm' ? 30 : 1)
    }
    const lastS = times.at(-1)! + NTSC_S - times[0]!
    expect(Math.abs((await track.computeDuration()) - lastS)).toBeLessThan(0.05)
  })

  test('is not made of segments that lack a frame', async () => {
    const clip = await fetchClip('mp4')
    for (const lose of ['segment', 'frame'] as const)
      await expect(rewrite(clip, kind, { lose })).rejects.toMatchObject({ name: 'SegmentsBrokenError' })
  })
})

describe('sound that the container takes', () => {
  test.for([
    ...made('mp4', 'late', 'longAudio', 'offset').map((name) => ['mp4', name] as const),
    ...made('webm').map((name) => ['webm', name] as const),
  ])('is copied bit for bit into %s: %s', async ([kind, name]) => {
    const clip = await fetchClip(name)
    const { file } = await rewrite(clip, kind)
    using before = read(clip)
    using after = read(file)
    const wanted = await packetsOf((await before.getPrimaryAudioTrack())!)
    const copied = await packetsOf((await after.getPrimaryAudioTrack())!)
    expect(copied.map(({ data }) => data)).toEqual(wanted.map(({ data }) => data))
    for (const [i, { timestamp }] of wanted.entries())
      expect(Math.abs(copied[i]!.timestamp - timestamp)).toBeLessThan(kind === 'webm' ? 0.000_501 : 0.000_02)
  })

  test.for(made('mp4', 'mov'))('of a part of %s is cut at packets, without moving', async (name) => {
    const clip = await fetchClip(name)
    const kind = 'mp4'
    const { file, times } = await rewrite(clip, kind, { span: { fromS: 0.81, toS: 1.93 } })
    using before = read(clip)
    using after = read(file)
    const copied = await packetsOf((await after.getPrimaryAudioTrack())!)
    if (name === 'mov') return // encoded
    const source = await packetsOf((await before.getPrimaryAudioTrack())!)
    const first = source.findIndex(({ data }) => data.every((byte, i) => byte === copied[0]!.data[i]))
    for (const [i, { timestamp, data }] of copied.entries()) {
      expect(data).toEqual(source[first + i]!.data)
      expect(Math.abs(timestamp - (source[first + i]!.timestamp - times[0]!))).toBeLessThan(0.000_02)
    }
    expect(copied[0]!.timestamp).toBeLessThanOrEqual(0)
    expect(copied.at(-1)!.timestamp).toBeLessThan(times.at(-1)! + NTSC_S - times[0]!)
  })
})

test('an mp4 has its index in front', async () => {
  const { file } = await rewrite(await fetchClip('mp4'), 'mp4')
  const names: string[] = []
  const bytes = new DataView(await file.arrayBuffer())
  for (let at = 0; at < bytes.byteLength; at += bytes.getUint32(at) || bytes.byteLength)
    names.push(String.fromCharCode(...[4, 5, 6, 7].map((i) => bytes.getUint8(at + i))))
  expect(names).toEqual(['ftyp', 'moov', 'free', 'mdat', 'uuid'])
})

test('stops when it is told to, and leaves no half of a file', async () => {
  const life = new AbortController()
  const attempt = writing.abortFinishing(await fetchClip('mp4'), life.signal)
  await expect(attempt).resolves.toEqual({ error: 'AbortError', bytes: 0 })
})
