/** GIFs are decoded again by the browser, and their blocks read one by one. */
import { describe, expect, it } from 'vitest'
import type { Pixels } from '../../models/pixels'
import { saysModified } from '../../tests/media/read-provenance'
import { scratchFile, talkingHead } from '../../tests/media/talking-head'
import { differenceOf, shownOn } from '../compositor/testing/pictures'
import { finishGif, gifTimes } from './gif'
import { openPictureSegment } from './picture-segment'

const NEVER = new AbortController().signal

interface Timed {
  readonly timeS: number
  readonly durationS: number
}

/** A GIF of these pictures, kept in two segments. */
async function gifOf(pictures: readonly Pixels[], times: readonly Timed[], width: number): Promise<Blob> {
  await using first = await scratchFile('gif-test-0')
  await using second = await scratchFile('gif-test-1')
  await using out = await scratchFile('gif-test')
  const half = Math.ceil(pictures.length / 2)
  for (const [handle, from, to] of [
    [first.handle, 0, half],
    [second.handle, half, pictures.length],
  ] as const) {
    await using writer = await openPictureSegment(handle)
    for (let i = from; i < to; i++) await writer.add(pictures[i]!, times[i]!.timeS, times[i]!.durationS)
    await writer.finish()
  }
  const segments = await Promise.all([first.handle.getFile(), second.handle.getFile()])
  const progress: number[] = []
  const onProgress = (done: number) => progress.push(done)
  await finishGif({ segments, to: out.handle, width, onProgress, signal: NEVER })
  expect(progress).toEqual([...progress].sort((a, b) => a - b))
  expect(progress.at(-1)).toBe(1)
  return new Blob([await (await out.handle.getFile()).arrayBuffer()], { type: 'image/gif' })
}

interface Decoded {
  readonly pixels: Pixels
  readonly centiseconds: number
}

async function decoded(gif: Blob): Promise<{ frames: Decoded[]; repeats: number }> {
  const decoder = new ImageDecoder({ data: await gif.arrayBuffer(), type: 'image/gif' })
  await decoder.completed
  await decoder.tracks.ready
  const { frameCount, repetitionCount } = decoder.tracks.selectedTrack!
  const frames: Decoded[] = []
  for (let frameIndex = 0; frameIndex < frameCount; frameIndex++) {
    const { image } = await decoder.decode({ frameIndex })
    const bitmap = await createImageBitmap(image)
    frames.push({ pixels: shownOn(bitmap), centiseconds: (image.duration ?? 0) / 1e4 })
    image.close()
  }
  decoder.close()
  return { frames, repeats: repetitionCount }
}

/** Evenly spaced, as most cameras film. */
const steady = (count: number, fps: number, startS = 0): Timed[] =>
  Array.from({ length: count }, (_, i) => ({ timeS: startS + i / fps, durationS: 1 / fps }))

describe('a GIF', () => {
  it('has every frame in its time, its size, and close colours', async () => {
    const times = steady(30, 29.97 / 2, 7.3)
    const pictures = await talkingHead(
      320,
      240,
      times.map(({ timeS }) => timeS),
    )
    const gif = await gifOf(pictures, times, 320)
    const { frames, repeats } = await decoded(gif)
    expect(repeats).toBe(Number.POSITIVE_INFINITY)
    expect(frames).toHaveLength(30)
    let shownAt = 0
    for (const [i, { pixels, centiseconds }] of frames.entries()) {
      expect([pixels.width, pixels.height]).toEqual([320, 240])
      expect(Math.abs(shownAt - (times[i]!.timeS - 7.3) * 100)).toBeLessThanOrEqual(0.5)
      shownAt += centiseconds
      const { mean, p99 } = differenceOf(pixels, pictures[i]!)
      expect(mean).toBeLessThan(4)
      expect(p99).toBeLessThan(24)
    }
    expect(shownAt).toBe(200)
    expect(await saysModified(gif)).toBe(true)
  })

  it('shows uneven frames as long as they were, and is scaled', async () => {
    const times = [0, 0.04, 0.5, 0.55, 1].map((timeS, i, all) => ({
      timeS,
      durationS: (all[i + 1] ?? 1.3) - timeS,
    }))
    const pictures = await talkingHead(
      320,
      240,
      times.map(({ timeS }) => timeS),
    )
    const { frames } = await decoded(await gifOf(pictures, times, 101))
    expect(frames.map(({ centiseconds }) => centiseconds)).toEqual([4, 46, 5, 45, 30])
    expect(frames[4]!.pixels).toMatchObject({ width: 101, height: 76 })
  })

  it('copes with pictures of one colour, and with more colours than a GIF has', async () => {
    const plain: Pixels = { width: 32, height: 8, data: new Uint8ClampedArray(32 * 8 * 4).fill(255) }
    const ramp: Pixels = { width: 32, height: 8, data: new Uint8ClampedArray(32 * 8 * 4) }
    for (let i = 0; i < 256; i++) ramp.data.set([i, (i * 5) % 256, 255 - i, 255], 4 * i)
    expect(
      differenceOf((await decoded(await gifOf([plain, plain], steady(2, 10), 32))).frames[1]!.pixels, plain)
        .max,
    ).toBe(0)
    const { frames } = await decoded(await gifOf([plain, ramp], steady(2, 10), 32))
    expect(differenceOf(frames[1]!.pixels, ramp).mean).toBeLessThan(8)
  })

  it('refuses what is no short clip, and leaves nothing', async () => {
    const dot: Pixels = { width: 1, height: 1, data: new Uint8ClampedArray(4) }
    await expect(gifOf([dot, dot], steady(2, 1 / 31), 1)).rejects.toMatchObject({ name: 'GifTooLongError' })
  })
})

describe('times', () => {
  it('never drift', () => {
    const times = gifTimes(steady(1000, 29.97, 3))
    let at = 0
    for (const { picture, centiseconds } of times) {
      expect(Math.abs(at - (picture.timeS - 3) * 100)).toBeLessThanOrEqual(0.5 + 1e-9)
      at += centiseconds
    }
    expect(times).toHaveLength(1000)
    expect(at).toBe(Math.round(100_000 / 29.97))
  })

  it('leave out what a browser would show for much too long', () => {
    const times = gifTimes(steady(100, 100))
    expect(times.every(({ centiseconds }) => centiseconds >= 2)).toBe(true)
    expect(times.reduce((sum, { centiseconds }) => sum + centiseconds, 0)).toBe(100)
  })
})
