/** Clips that have to be converted first. */
import { expect, inject, test } from 'vitest'
import {
  fetchClip,
  made,
  meanDifference,
  near,
  open,
  pixelsOf,
  signal,
  timesOf,
  watch,
} from '../../tests/media/read-clip'
import { openClip } from './open-clip'

const clips = inject('clips')

test.for(
  made(
    'mpeg',
    'avi',
    'aviReordered',
    'interlaced',
    'broadcast',
    'flv',
    'wmv',
    'theora',
    'prores',
    'hevc',
    'hevcPq',
  ),
)('%s is converted, with every frame at its own time', { timeout: 120_000 }, async (name) => {
  const { times } = clips[name]!
  const progress: number[] = []
  using reader = await open(name, (done) => progress.push(done))
  const canDecode = name === 'hevc' && !reader.info.converted // some browsers can
  if (!canDecode) {
    expect(reader.info.converted).toBe(true)
    expect(progress.length).toBeGreaterThan(0)
  }
  const shown = await timesOf(reader)
  // ffmpeg lets the clip begin at zero: what counts are the distances.
  expect(shown.map((time) => time - shown[0]!)).toEqual(
    near(
      times.map((time) => time - times[0]!),
      4,
    ),
  )
  expect((await watch(reader)).numbers).toEqual(times.map((_, i) => i))
})

test.runIf(clips.cutTogether)(
  'a clip cut together by its edit list is one clip',
  { timeout: 60_000 },
  async () => {
    const { times } = clips.cutTogether!
    using reader = await open('cutTogether')
    expect(reader.info.converted).toBe(true)
    const seen = await watch(reader)
    expect(seen.times).toEqual(near(times, 4))
    expect(seen.numbers.slice(0, 30)).toEqual(Array.from({ length: 30 }, (_, i) => i))
    expect(seen.numbers.slice(30)).toEqual(times.slice(30).map((_, i) => seen.numbers[30]! + i))
    expect(seen.numbers[30]).toBeLessThan(23)
  },
)

test.runIf(clips.hevcPq)('high dynamic range survives a conversion', { timeout: 60_000 }, async () => {
  using sdr = await open('mp4')
  using hdr = await open('hevcPq')
  expect(hdr.info.video.hdr).toBe('PQ')
  const a = await pixelsOf(await sdr.frameAt(1, signal()))
  const b = await pixelsOf(await hdr.frameAt(1, signal()))
  expect(meanDifference(a, b)).toBeLessThan(18)
})

test.runIf(clips.avi)('a conversion can be stopped', async () => {
  const life = new AbortController()
  const opening = openClip(await fetchClip('avi'), 'x.avi', {
    onProgress: () => life.abort(),
    signal: life.signal,
  })
  await expect(opening).rejects.toMatchObject({ name: 'AbortError' })
})

test.runIf(clips.avi)('a clip that was converted once is found converted', { timeout: 60_000 }, async () => {
  const root = await navigator.storage.getDirectory()
  const ffmpegFolder = await root.getDirectoryHandle(`kept-${crypto.randomUUID()}`, { create: true })
  const progress: number[] = []
  const options = { onProgress: (done: number) => progress.push(done), signal: signal(), ffmpegFolder }
  const file = await fetchClip('avi')
  ;(await openClip(file, 'x.avi', options))[Symbol.dispose]()
  const calls = progress.length
  expect(calls).toBeGreaterThan(0)
  using again = await openClip(file, 'x.avi', options)
  expect(progress.length).toBe(calls)
  expect(again.info).toMatchObject({ container: 'AVI', converted: true, bytes: file.size })
  await root.removeEntry(ffmpegFolder.name, { recursive: true })
})
