import { expect, inject, test } from 'vitest'
import { createPixels, type Pixels } from '../../models/pixels'
import type { ClipName } from '../../tests/media/clip-recipes'
import { readFrameNumber } from '../../tests/media/frame-number'
import type { ClipFrame, ClipReader } from './clip-reader'
import { openClip } from './open-clip'

const clips = inject('clips')
const signal = () => new AbortController().signal

async function fetchClip(name: ClipName): Promise<Blob> {
  const response = await fetch(`/@fs${clips[name]!.path}`)
  if (!response.ok) throw new Error(`${name}: ${response.status}`)
  return response.blob()
}

const open = async (name: ClipName, onProgress = (_done: number): void => undefined): Promise<ClipReader> =>
  openClip(await fetchClip(name), 'a clip.mp4', { onProgress, signal: signal() })

/** Closes the frame. */
async function pixelsOf({ frame }: ClipFrame): Promise<Pixels> {
  const pixels = createPixels(frame.displayWidth, frame.displayHeight)
  await frame.copyTo(pixels.data, { format: 'RGBX' })
  frame.close()
  return pixels
}

interface Seen {
  readonly times: readonly number[]
  readonly numbers: readonly number[]
  readonly standIns: readonly number[]
}

async function watch(reader: ClipReader, fromS = reader.info.fromS, toS = reader.info.toS): Promise<Seen> {
  const seen = { times: [] as number[], numbers: [] as number[], standIns: [] as number[] }
  for await (const frame of reader.frames(fromS, toS, signal())) {
    expect(frame.frame.timestamp).toBe(Math.round(frame.timeS * 1e6))
    expect(frame.frame.duration).toBe(Math.round(frame.durationS * 1e6))
    if (frame.isStandIn) seen.standIns.push(seen.times.length)
    seen.times.push(frame.timeS)
    seen.numbers.push(readFrameNumber(await pixelsOf(frame)))
  }
  return seen
}

const timesOf = async (reader: ClipReader): Promise<number[]> =>
  (await reader.schedule(undefined, signal())).map(({ timeS }) => timeS)
const near = (times: readonly number[], digits = 6) => times.map((time) => expect.closeTo(time, digits))

const made = (...names: readonly ClipName[]) => names.filter((name) => clips[name])

test.for(
  made(
    'mp4',
    'bframes',
    'vfr',
    'rotated',
    'mov',
    'webm',
    'vp8',
    'mkv',
    'fragmented',
    'transport',
    'late',
    'silent',
    'longAudio',
    'endCut',
    'anamorphic',
    'twoTracks',
    'pq',
    'hlg',
  ),
)('every frame of %s comes upright, at its own time, once', async (name) => {
  const { times, first } = clips[name]!
  using reader = await open(name)
  expect(reader.info).toMatchObject({ converted: false, video: { width: 320, height: 240 } })
  expect(reader.info.fromS).toBeCloseTo(times[0]!, 6)
  expect(await timesOf(reader)).toEqual(near(times))
  const seen = await watch(reader)
  expect(seen.times).toEqual(await timesOf(reader))
  expect(seen.numbers).toEqual(times.map((_, i) => first + i))
  expect(seen.standIns).toEqual([])
})

test.runIf(clips.offset)('an edit list that begins within the file hides what is before it', async () => {
  using reader = await open('offset')
  const seen = await watch(reader)
  expect(seen.numbers).toEqual(clips.offset!.times.map((_, i) => 21 + i))
  // ffprobe calls the first frame zero; the list says that zero is 0.7 ms before it.
  expect(seen.times).toEqual(near(clips.offset!.times, 2))
})

test.runIf(clips.endCut)('a frame ends where the edit list ends the track', async () => {
  using reader = await open('endCut')
  expect(reader.info.toS).toBeCloseTo(1.5, 6)
  expect(reader.info.audio?.toS).toBeCloseTo(1.5, 6)
})

test.for(
  made('mpeg', 'avi', 'aviReordered', 'interlaced', 'flv', 'wmv', 'theora', 'prores', 'hevc', 'hevcPq'),
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

test('a part of a clip, and single moments of it', async () => {
  using reader = await open('mp4')
  const shown = await timesOf(reader)
  const seen = await watch(reader, shown[40]! + 0.01, shown[52]!)
  expect(seen.numbers).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51])
  for (const [timeS, number] of [
    [-1, 0],
    [shown[33]!, 33],
    [shown[33]! - 0.001, 32],
    [Math.round(shown[33]! * 1e6) / 1e6, 33],
    [99, shown.length - 1],
  ] as const) {
    expect(readFrameNumber(await pixelsOf(await reader.frameAt(timeS, signal())))).toBe(number)
  }
})

test.for(made('vp8', 'bframes', 'webm'))('%s from its middle', async (name) => {
  using reader = await open(name)
  const shown = await timesOf(reader)
  const seen = await watch(reader, shown[50]!, shown[60]!)
  expect(seen.numbers).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59])
  expect(seen.standIns).toEqual([])
})

test('the decoder stays a few frames ahead of whoever takes them', async () => {
  using reader = await open('webm' in clips ? 'webm' : 'mp4')
  let decoded = 0
  const { decode } = VideoDecoder.prototype
  VideoDecoder.prototype.decode = function (chunk) {
    decoded++
    decode.call(this, chunk)
  }
  try {
    const frames = reader.frames(reader.info.fromS, reader.info.toS, signal())
    for (let taken = 1; taken <= 20; taken++) (await frames.next()).value!.frame.close()
    const before = decoded
    await new Promise((resolve) => setTimeout(resolve, 300)) // time enough to run away, were it let
    expect(before).toBeGreaterThanOrEqual(20)
    expect(decoded).toBeLessThan(36) // 60 and more at mediabunny's own pace
    await frames.return()
  } finally {
    VideoDecoder.prototype.decode = decode
  }
})

test('two passes run at once, one far ahead of the other', async () => {
  using reader = await open('webm' in clips ? 'webm' : 'mp4')
  const ahead = reader.frames(reader.info.fromS, reader.info.toS, signal())
  const behind = reader.frames(reader.info.fromS, reader.info.toS, signal())
  const next = async (frames: typeof ahead) => {
    const { value } = await frames.next()
    return value ? readFrameNumber(await pixelsOf(value)) : undefined
  }
  for (let i = 0; i < 30; i++) expect(await next(ahead)).toBe(i)
  for (let i = 0; i < 20; i++) {
    expect(await next(behind)).toBe(i)
    expect(await next(ahead)).toBe(30 + i)
  }
  await ahead.return()
  await behind.return()
})

test('a consumer that stops, or is stopped, leaves nothing behind', async () => {
  using reader = await open('mp4')
  const life = new AbortController()
  const frames = reader.frames(0, 2, life.signal)
  ;(await frames.next()).value!.frame.close()
  const waiting = frames.next()
  life.abort()
  await expect(
    waiting.then(({ value }) => value?.frame.close()).then(() => frames.next()),
  ).rejects.toMatchObject({
    name: 'AbortError',
  })
  // Another one still works.
  expect((await watch(reader, 0, 0.3)).numbers.length).toBeGreaterThan(5)
})

test.runIf(clips.rotated)('a turned picture is the same picture', async () => {
  using upright = await open('mp4')
  using turned = await open('rotated')
  const a = await pixelsOf(await upright.frameAt(1, signal()))
  const b = await pixelsOf(await turned.frameAt(1, signal()))
  expect([b.width, b.height]).toEqual([a.width, a.height])
  expect(meanDifference(a, b)).toBeLessThan(4)
})

test.for(made('pq', 'hlg'))('%s looks like the picture it was made of', async (name) => {
  using sdr = await open('mp4')
  using hdr = await open(name)
  expect(hdr.info.video.hdr).toBe(name === 'pq' ? 'PQ' : 'HLG')
  const a = await pixelsOf(await sdr.frameAt(1, signal()))
  const b = await pixelsOf(await hdr.frameAt(1, signal()))
  expect(meanDifference(a, b)).toBeLessThan(18)
})

function meanDifference(a: Pixels, b: Pixels): number {
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length
}

test.for(made('truncated', 'truncatedWebm', 'truncatedFragments'))(
  '%s is read as far as it goes',
  async (name) => {
    const { times } = clips[name]!
    using reader = await open(name)
    expect(reader.info.warnings).toEqual(['TruncatedFileWarning'])
    const seen = await watch(reader)
    // The frame in which the file ends may or may not count.
    expect(seen.times.length).toBeGreaterThanOrEqual(times.length - 2)
    expect(seen.times.length).toBeLessThanOrEqual(times.length)
    expect(seen.times).toEqual(near(times.slice(0, seen.times.length)))
    // Of a group of frames that predict each other, the last may be there without those before it.
    const [start = 0] = times
    expect(seen.numbers).toEqual(seen.times.map((time) => Math.round(((time - start) * 30000) / 1001)))
  },
)

test.runIf(clips.damaged)('behind damaged packets the clip goes on', async () => {
  using reader = await open('damaged')
  const seen = await watch(reader)
  expect(seen.times).toEqual(near(clips.damaged!.times))
  const right = seen.numbers.filter((number, i) => number === i).length
  expect(right).toBeGreaterThan(45)
  expect(seen.numbers.slice(-10)).toEqual(seen.times.map((_, i) => i).slice(-10))
})

test.for(
  (
    [
      ['empty', 'EmptyFileError'],
      ['notVideo', 'NotAVideoError'],
      ['headless', 'UnfinishedFileError'],
      ['audioOnly', 'NoVideoTrackError'],
      ['encrypted', 'EncryptedVideoError'],
    ] as const
  ).filter(([name]) => clips[name]),
)('%s is refused by name: %s', async ([name, error]) => {
  await expect(open(name)).rejects.toMatchObject({ name: error })
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
