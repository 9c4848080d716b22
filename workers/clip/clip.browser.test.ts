/** The clip thread on the synthetic talking head, each frame with its number in the picture: a real worker, a real canvas. */
import { proxy, transfer } from 'comlink'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Pixels } from '../../models/pixels'
import { amara, type ClipThread, NEVER, openClipThread } from '../../tests/clip/clip-thread'
import type { ClipFixture } from '../../tests/media/clip-fixtures'
import type { ClipName } from '../../tests/media/clip-recipes'
import { readFrameNumber } from '../../tests/media/frame-number'
import { differenceOf, shownOn } from '../compositor/testing/pictures'
import { DEFAULT_LOOK } from '../studio/look'
import type { ClipEvent } from './clip-api'

/** Away from the frame's number and from the badge. */
const inFace = (x: number, y: number) => x > 90 && x < 240 && y > 20 && y < 200

let thread: ClipThread
let source: Awaited<ReturnType<typeof amara>>

beforeAll(async () => {
  source = await amara()
  thread = await openClipThread()
  await thread.api.putSource('amara', await source())
}, 60_000)
afterAll(() => thread[Symbol.asyncDispose]())

const fixture = (name: ClipName): ClipFixture => inject('clips')[name]!

async function fileOf(name: ClipName): Promise<File> {
  const { path } = fixture(name)
  return new File([await (await fetch(`/@fs${path}`)).blob()], path)
}
const load = async (name: ClipName, on = thread) =>
  on.api.load(
    await fileOf(name),
    proxy(() => undefined),
    NEVER,
  )

const keep = { everyone: 'keep', people: {} }
const swap = { everyone: 'amara', people: {} }
type Shown = Extract<ClipEvent, { name: 'shown' }>
const shown = (on = thread) => on.events.filter((event): event is Shown => event.name === 'shown')
const number = (on = thread) => readFrameNumber(on.picture())
/** The middle of frame `n`. */
const within = ({ times }: ClipFixture, n: number) => times[n]! + 0.3 * (times[n + 1]! - times[n]!)

/** The frame shown, without what only helps to judge it. */
async function saved(): Promise<Pixels> {
  return shownOn(await createImageBitmap(await thread.api.saveStill('image/png')))
}

/** The canvas comes to be what was expected of it; it follows the thread by a frame or two. */
const sees = (expected: Pixels, where = (_x: number, _y: number) => true) =>
  expect
    .poll(() => {
      const now = thread.picture()
      return now.width === expected.width && differenceOf(now, expected, where).max
    })
    .toBe(0)

describe('a clip', () => {
  beforeEach(async () => {
    await thread.api.setLook(DEFAULT_LOOK)
    await thread.api.setCast(keep, [])
  })

  it.each(['mp4', 'vfr', 'rotated', 'webm'] satisfies ClipName[])(
    'shows exactly the frame of a moment: %s',
    async (name) => {
      const clip = fixture(name)
      const opened = await load(name)
      expect(opened).toMatchObject({ kind: 'clip' })
      await expect.poll(() => number()).toBe(clip.first)
      const last = clip.times.length - 1
      for (const [timeS, n] of [
        [clip.times[41]!, 41],
        [within(clip, 40), 40],
        [within(clip, 3), 3],
        [clip.times[last]! + 9, last],
        [clip.times[0]! - 9, 0],
      ] as const) {
        await thread.api.seek(timeS)
        expect(shown().at(-1)).toMatchObject({ faces: 1, busy: false })
        expect(shown().at(-1)!.timeS).toBeCloseTo(clip.times[n]!, 4)
        await expect.poll(() => number()).toBe(clip.first + n)
      }
    },
  )

  it('shows the newest wish, and drops those it has overtaken', async () => {
    await load('mp4')
    const clip = fixture('mp4')
    const before = shown().length
    const wishes = Array.from({ length: 20 }, (_, i) => (i * 31) % 70)
    await Promise.all(wishes.map((n) => thread.api.seek(within(clip, n))))
    await expect.poll(() => number()).toBe(wishes.at(-1))
    const drawn = shown().slice(before)
    expect(drawn.length).toBeLessThan(5)
    expect(drawn.map(({ busy }) => busy)).toEqual([...drawn.slice(1).map(() => true), false])
  })

  it('shows the plate left of the split and the swap right of it', async () => {
    await load('mp4')
    await thread.api.seek(1)
    const before = await saved()
    await sees(before)
    await thread.api.setCast(swap, [])
    const after = await saved()
    await sees(after)
    expect(differenceOf(before, after, inFace).mean).toBeGreaterThan(5)
    await thread.api.setLook({ ...DEFAULT_LOOK, split: 0.5 })
    await sees(before, (x) => x < 160)
    await sees(after, (x) => x >= 160)
    await thread.api.setLook({ ...DEFAULT_LOOK, opacity: 0 })
    await sees(before, inFace)
  })

  it('looks the same however it was come to', async () => {
    await load('mp4')
    await thread.api.setCast(swap, [])
    await thread.api.seek(1)
    const once = await saved()
    await thread.api.seek(2)
    await thread.api.setLook({ ...DEFAULT_LOOK, shape: 0 })
    await thread.api.setLook(DEFAULT_LOOK)
    await thread.api.seek(1)
    await sees(once)
  })

  it('knows who becomes whom', async () => {
    await load('mp4')
    await thread.api.seek(1)
    const before = await saved()
    const sightings = [0, 0.5, 1, 1.5, 2].map((timeS) => ({ timeS, x: 0.5, y: 0.37, size: 0.45 }))
    const theo = [{ id: 'theo', sightings }]
    await thread.api.setCast({ everyone: 'keep', people: { theo: 'amara' } }, theo)
    const after = await saved()
    expect(differenceOf(after, before, inFace).mean).toBeGreaterThan(5)
    await sees(after)
    await thread.api.setCast({ everyone: 'amara', people: { theo: 'keep' } }, theo)
    await sees(before, inFace)
    await thread.api.setCast(swap, theo)
    await sees(after)
    await thread.api.putSource('amara', undefined)
    await sees(before)
    await thread.api.putSource('amara', await source())
    await sees(after)
  })

  it('plays forward in its own time, and looks closely at where it ends', async () => {
    await load('mp4')
    await thread.api.setCast(swap, [])
    const from = thread.events.length
    const startMs = performance.now()
    await thread.api.play(0.5, 1.5)
    const ended = () =>
      thread.events.slice(from).findIndex((event) => event.name === 'playing' && !event.isPlaying)
    await expect.poll(ended).toBeGreaterThan(0)
    expect(performance.now() - startMs).toBeGreaterThan(900) // never faster than it was filmed
    const played = thread.events.slice(from, from + ended())
    expect(played[0]).toEqual({ name: 'playing', isPlaying: true })
    const times = played.filter((event) => event.name === 'shown').map(({ timeS }) => timeS)
    expect(times.length).toBeGreaterThan(1)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(times[0]).toBeCloseTo(fixture('mp4').times[14]!, 4)
    expect(times.at(-1)).toBeLessThan(1.5)
    // Once more after the end, and that is the same as if it had been sought.
    await expect
      .poll(() => thread.events.at(-1))
      .toEqual({
        name: 'shown',
        timeS: times.at(-1),
        faces: 1,
        busy: false,
      })
    await sees(await saved())
  })

  it('pauses, and a seek ends playing too', async () => {
    await load('mp4')
    const clip = fixture('mp4')
    for (const stop of [() => thread.api.pause(), () => thread.api.seek(within(clip, 20))]) {
      const from = thread.events.length
      await thread.api.play(0, 2.5)
      await expect
        .poll(() => thread.events.slice(from).filter(({ name }) => name === 'shown').length)
        .toBeGreaterThan(1)
      await stop()
      const playing = thread.events.slice(from).filter(({ name }) => name === 'playing')
      expect(playing.map((event) => event.name === 'playing' && event.isPlaying)).toEqual([true, false])
      const { timeS } = shown().at(-1)!
      await expect.poll(() => clip.times[number()]).toBeCloseTo(timeS, 4)
      const quiet = thread.events.length
      await saved() // time for anything that would still come
      expect(thread.events).toHaveLength(quiet)
    }
    await expect.poll(() => number()).toBe(20)
    await Promise.all([thread.api.seek(within(clip, 44)), thread.api.pause()])
    await expect.poll(() => number()).toBe(44)
  })

  it('gives small pictures for the timeline', async () => {
    await load('mp4')
    const clip = fixture('mp4')
    const strip: number[] = []
    const onPicture = (index: number, image: ImageBitmap) => {
      const pixels = shownOn(image)
      expect(pixels).toMatchObject({ width: 320, height: 240 })
      strip[index] = readFrameNumber(pixels)
      image.close()
    }
    await thread.api.filmstrip(5, 240, proxy(onPicture), NEVER)
    expect(strip).toHaveLength(5)
    for (const [i, n] of strip.entries())
      expect(Math.abs(clip.times[n]! - (0.5 + i) * 0.5)).toBeLessThanOrEqual(0.26)
    const life = new AbortController()
    const stopped = thread.api.filmstrip(
      50,
      20,
      proxy(() => life.abort()),
      life.signal,
    )
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('is scanned for people, whom the cast then knows', async () => {
    await load('mp4')
    const progress: number[] = []
    const onProgress = proxy((done: number) => progress.push(done))
    const { people, by } = await thread.api.scan(undefined, onProgress, NEVER)
    expect(by).toBe('track')
    expect(people).toHaveLength(1)
    const { thumbnail, ...person } = people[0]!
    expect(thumbnail).toMatchObject({ width: 160, height: 160 })
    thumbnail.close()
    expect(person.seenS).toBeCloseTo(2.5, 0)
    await expect.poll(() => progress.at(-1)).toBe(1)
    await thread.api.seek(1)
    const before = await saved()
    await thread.api.setCast({ everyone: 'amara', people: { [person.id]: 'keep' } }, [person])
    await sees(before, inFace)
    await thread.api.setCast({ everyone: 'keep', people: { [person.id]: 'amara' } }, [person])
    expect(differenceOf(await saved(), before, inFace).mean).toBeGreaterThan(5)
    const life = new AbortController()
    const stopped = thread.api.scan(
      undefined,
      proxy(() => life.abort()),
      life.signal,
    )
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('that cannot be opened leaves what was open', async () => {
    await load('mp4')
    await thread.api.seek(within(fixture('mp4'), 12))
    for (const name of ['notVideo', 'empty', 'audioOnly'] satisfies ClipName[])
      await expect(load(name)).rejects.toMatchObject({ name: expect.stringMatching(/Error$/) })
    await expect.poll(() => number()).toBe(12)
    await thread.api.seek(within(fixture('mp4'), 30))
    await expect.poll(() => number()).toBe(30)
  })

  it('may be opened while another one is busy', async () => {
    await load('mp4')
    const seeking = [5, 50, 7].map((n) => thread.api.seek(within(fixture('mp4'), n)))
    const strip = thread.api.filmstrip(
      40,
      40,
      proxy((_, image) => image.close()),
      NEVER,
    )
    const aborted = expect(strip).rejects.toMatchObject({ name: 'AbortError' })
    await thread.api.play(0, 2)
    const overtaken = load('vfr').then(
      () => 'opened',
      (error: Error) => error.name,
    )
    const opened = await load('rotated')
    expect(opened).toMatchObject({ kind: 'clip', info: { video: { width: 320, height: 240 } } })
    expect(['AbortError', 'opened']).toContain(await overtaken)
    await Promise.all([...seeking, aborted])
    await thread.api.seek(within(fixture('rotated'), 33))
    await expect.poll(() => number()).toBe(33)
  })

  it('takes another canvas', async () => {
    await load('mp4')
    const canvas = document.createElement('canvas')
    const offscreen = canvas.transferControlToOffscreen()
    await thread.api.show(transfer(offscreen, [offscreen]))
    await expect.poll(() => canvas.width).toBe(320)
    const seen = new OffscreenCanvas(320, 240)
    await expect
      .poll(() => {
        seen.getContext('2d')!.drawImage(canvas, 0, 0)
        return readFrameNumber(shownOn(seen))
      })
      .toBe(0)
  })
})
