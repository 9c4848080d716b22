import { describe, expect, test } from 'vitest'
import { commands } from 'vitest/browser'
import { heard, lag, noise, withNoise } from '../../tests/media/noise-clip'
import {
  base64,
  fetchClip,
  KINDS,
  made,
  NTSC_S,
  numbersOf,
  packetsOf,
  read,
  rewrite,
  timesOf,
} from '../../tests/media/rewritten'

describe.each(KINDS)('%s', (kind) => {
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
})

test.for(made('ac3').flatMap(() => KINDS))('sound that no browser decodes is heard in %s', async (kind) => {
  const { file, warnings } = await rewrite(await fetchClip('ac3'), kind)
  expect(warnings).toEqual([])
  using input = read(file)
  const track = (await input.getPrimaryAudioTrack())!
  expect(await track.getCodec()).toBe(kind === 'mp4' ? 'aac' : 'opus')
  const sound = await heard(track, 2)
  const loudness = Math.sqrt(sound.reduce((sum, value) => sum + value * value, 0) / sound.length)
  expect(loudness).toBeGreaterThan(0.02)
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
