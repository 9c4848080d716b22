/** Whole jobs in the real thread: a clip goes in, and what is in the library afterwards is read back frame by frame. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createPixels } from '../../models/pixels'
import { readFrameNumber } from '../../tests/media/frame-number'
import { talkingHead } from '../../tests/media/talking-head'
import { getItem, openItem } from '../library/library'
import type { LibraryItem } from '../library/library-item'
import { DEFAULT_LOOK, type Look } from '../studio/look'
import type { ClipJob, ClipSettings, OutputFormat } from './clip-job'
import { isOver, type JobThread, openJobThread, settingsFor } from './testing/job-thread'
import { makeClip } from './testing/make-clip'
import { differenceIn, type ReadClip, readClip, readResult } from './testing/read-result'

let thread: JobThread
beforeAll(async () => {
  thread = await openJobThread()
})
afterAll(() => thread.kill())

type ClipName = keyof ReturnType<typeof inject<'clips'>>
type Part = Parameters<typeof differenceIn>[2]

/** Where the head's face is in the fixtures, and where only the wall is. */
const FACE: Part = [0.38, 0.25, 0.62, 0.75]
const WALL: Part = [0, 0, 0.2, 0.8]

async function clip(name: ClipName): Promise<File> {
  const blob = await (await fetch(`/@fs${inject('clips')[name]!.path}`)).blob()
  return new File([blob], `${name}.of.a.head.mp4`)
}

async function done(file: File, output: OutputFormat, changes?: Partial<ClipSettings>) {
  const { id } = await thread.add(file, await settingsFor(output, changes))
  const job: ClipJob = await thread.when(id, isOver)
  expect(job.state).toMatchObject({ name: 'done' })
  const libraryId = job.state.name === 'done' ? job.state.libraryId : ''
  const item: LibraryItem | undefined = await getItem(libraryId)
  return { job, libraryId, item: item! }
}

/** Made when it is first asked for. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

const numbersOf = ({ frames }: ReadClip) => frames.map(({ pixels }) => readFrameNumber(pixels))
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

/** Which frames show another face than the original; the wall must be the same in all. */
function swappedOnes(result: ReadClip, original: ReadClip, first = 0): number[] {
  return result.frames.flatMap(({ pixels }, i) => {
    const before = original.frames[first + i]!.pixels
    expect(differenceIn(pixels, before, WALL)).toBeLessThan(4)
    return differenceIn(pixels, before, FACE) > 6 ? [first + i] : []
  })
}

describe.each([
  ['mp4', { kind: 'mp4', quality: 'high' }],
  ['vfr', { kind: 'mp4', quality: 'high' }],
  ['webm', { kind: 'webm', quality: 'high' }],
] as const)('%s as %o', (name, output) => {
  test('every frame is swapped, at its own time, with the sound as it was', async () => {
    const fixture = inject('clips')[name]
    if (!fixture) return // this ffmpeg lacks an encoder
    const file = await clip(name)
    const { job, libraryId, item } = await done(file, output)
    const [result, original] = [await readResult(libraryId), await readClip(file)]
    expect(numbersOf(result)).toEqual(range(0, 75))
    const within = output.kind === 'webm' ? 0.0005 : 1e-5 // WebM counts in milliseconds
    const off = result.frames.map(({ timeS }, i) => Math.abs(timeS - fixture.times[i]!))
    expect(off.filter((s) => s > within)).toEqual([])
    expect(swappedOnes(result, original)).toEqual(range(0, 75))
    expect(original.sound.length).toBeGreaterThan(10)
    expect(result.sound.map(({ data }) => data)).toEqual(original.sound.map(({ data }) => data))
    expect(job.warnings).toEqual([])
    expect(job.progress).toMatchObject({ frames: 75, totalFrames: 75, done: 1 })
    expect(item).toMatchObject({
      name: `${name}.of.a.head`,
      kind: 'clip',
      type: `video/${output.kind}`,
      width: 320,
      height: 240,
      state: 'whole',
    })
    expect(item.durationS).toBeCloseTo(2.5, 0)
    const thumbnail = await createImageBitmap(item.thumbnail!)
    expect([thumbnail.width, thumbnail.height]).toEqual([320, 240])
  }, 90_000)
})

describe('a part of a clip', () => {
  const output = { kind: 'mp4', quality: 'high' } as const

  test('alone, from its own beginning', async () => {
    const times = inject('clips').mp4!.times
    const span = { fromS: times[20]!, toS: times[50]! }
    const { libraryId } = await done(await clip('mp4'), output, { span })
    const result = await readResult(libraryId)
    expect(numbersOf(result)).toEqual(range(20, 50))
    expect(result.frames[0]!.timeS).toBeCloseTo(0, 3)
    expect(result.frames.at(-1)!.timeS).toBeCloseTo(times[49]! - times[20]!, 3)
    expect(result.sound.length).toBeGreaterThan(10)
  }, 60_000)

  test('with the rest as it was filmed', async () => {
    const file = await clip('mp4')
    const times = inject('clips').mp4!.times
    const span = { fromS: times[20]!, toS: times[50]! }
    const { libraryId } = await done(file, output, { span, outside: 'keep' })
    const [result, original] = [await readResult(libraryId), await readClip(file)]
    expect(numbersOf(result)).toEqual(range(0, 75))
    expect(swappedOnes(result, original)).toEqual(range(20, 50))
  }, 60_000)
})

describe('pictures', () => {
  test('a gif has as many as it asks for, at its own size', async () => {
    const { libraryId, item } = await done(await clip('mp4'), { kind: 'gif', width: 160, fps: 10 })
    expect(item).toMatchObject({ kind: 'gif', type: 'image/gif', width: 160, height: 120 })
    const data = await (await openItem(libraryId)).arrayBuffer()
    const decoder = new ImageDecoder({ data, type: 'image/gif' })
    await decoder.tracks.ready
    expect(decoder.tracks.selectedTrack!.frameCount).toBe(26)
    const { image } = await decoder.decode({ frameIndex: 25 })
    expect([image.codedWidth, image.codedHeight]).toEqual([160, 120])
    image.close()
    decoder.close()
  }, 60_000)

  test('a zip has every frame', async () => {
    const times = inject('clips').mp4!.times
    const span = { fromS: times[10]!, toS: times[14]! }
    const { libraryId, item } = await done(await clip('mp4'), { kind: 'png' }, { span })
    expect(item).toMatchObject({ kind: 'frames', type: 'application/zip', width: 320, height: 240 })
    const bytes = new Uint8Array(await (await openItem(libraryId)).arrayBuffer())
    const text = new TextDecoder('latin1').decode(bytes)
    const names = new Set(text.match(/frame-\d+\.png/g))
    expect([...names]).toEqual(range(1, 5).map((i) => `frame-0000${i}.png`))
  }, 60_000)
})

describe('a face that goes away', () => {
  const [WIDTH, HEIGHT, FPS] = [320, 240, 10]
  const GONE = [12, 30] as const

  /** A head, for 1.8 s only tiles, and the head again. */
  const clipWithGap = once(async (): Promise<File> => {
    const tiles = createPixels(WIDTH, HEIGHT)
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      const light = ((i % WIDTH) >> 2) + (Math.floor(i / WIDTH) >> 2)
      tiles.data.set(light % 2 ? [200, 190, 170, 255] : [60, 70, 90, 255], 4 * i)
    }
    const head = await talkingHead(
      WIDTH,
      HEIGHT,
      range(0, 40).map((i) => i / FPS),
    )
    return makeClip(
      head.map((picture, i) => (i >= GONE[0] && i < GONE[1] ? tiles : picture)),
      FPS,
    )
  })

  async function inGap(onLoss: Look['onLoss']) {
    const file = await clipWithGap()
    const look = { ...DEFAULT_LOOK, badge: 'off', onLoss } as const
    const { libraryId } = await done(file, { kind: 'mp4', quality: 'high' }, { look })
    const [result, original] = [await readResult(libraryId), await readClip(file)]
    expect(result.frames).toHaveLength(40)
    const all: Part = [0, 0, 1, 1]
    const differs = (i: number, from: ReadClip, k: number) =>
      differenceIn(result.frames[i]!.pixels, from.frames[k]!.pixels, all)
    return range(...GONE).map((i) => ({
      toOriginal: differs(i, original, i),
      toLastSwapped: differs(i, result, GONE[0] - 1),
    }))
  }

  test('shows what was filmed', async () => {
    for (const { toOriginal } of await inGap('plain')) expect(toOriginal).toBeLessThan(12)
  }, 60_000)

  test('leaves a veil', async () => {
    for (const { toOriginal } of await inGap('hide')) expect(toOriginal).toBeGreaterThan(25)
  }, 60_000)

  test('leaves the last picture standing', async () => {
    for (const { toOriginal, toLastSwapped } of await inGap('freeze')) {
      expect(toOriginal).toBeGreaterThan(25)
      expect(toLastSwapped).toBeLessThan(5)
    }
  }, 60_000)
})

test('a damaged clip has all its frames, and a warning', async () => {
  const { job, libraryId } = await done(await clip('damaged'), { kind: 'mp4', quality: 'medium' })
  expect((await readResult(libraryId)).frames).toHaveLength(75)
  expect(job.warnings).toContain('DamagedFramesWarning')
}, 60_000)

test('who keeps their face keeps it, to the very end', async () => {
  const file = await clip('mp4')
  const { libraryId } = await done(
    file,
    { kind: 'mp4', quality: 'high' },
    { cast: { everyone: 'keep', people: {} }, look: { ...DEFAULT_LOOK, onLoss: 'hide' } },
  )
  expect(swappedOnes(await readResult(libraryId), await readClip(file))).toEqual([])
}, 60_000)
