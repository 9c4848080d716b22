/** Reading clips: every frame, upright, once and at its own time. */
import { expect, inject, test } from 'vitest'
import { made, near, numberOf, open, signal, timesOf, watch } from '../../tests/media/read-clip'

const clips = inject('clips')

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
    'midStream',
    'alpha',
    'untagged',
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
    expect(await numberOf(await reader.frameAt(timeS, signal()))).toBe(number)
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
    return value ? numberOf(value) : undefined
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
