/** A still in, the same still with another face out: a real worker, real files. */
import { proxy } from 'comlink'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createPixels, type Pixels } from '../../models/pixels'
import { amara, type ClipThread, NEVER, openClipThread } from '../../tests/clip/clip-thread'
import { bmpOf, canvasOf, gifOf, pngHead, turnedJpeg } from '../../tests/media/picture-files'
import { saysModified } from '../../tests/media/read-provenance'
import { talkingHead } from '../../tests/media/talking-head'
import { differenceOf, shownOn } from '../compositor/testing/pictures'
import { DEFAULT_LOOK } from '../studio/look'

const WIDTH = 400
const HEIGHT = 300
/** Around the head in the picture, and around the badge: all that may change. */
const inFace = (x: number, y: number) => x > 115 && x < 285 && y > 35 && y < 250
const inBadge = (x: number, y: number) => x > WIDTH - 110 && y > HEIGHT - 35
const MARKED = ['image/png', 'image/jpeg', 'image/webp'] as const

/** 40 × 24, rgb(192 64 32); by ffmpeg with libaom. */
const AVIF =
  'AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAAD5bWV0YQAAAAAAAAAvaGRscgAAAAAAAAAAcGljdAAAAAAAAAAA' +
  'AAAAAFBpY3R1cmVIYW5kbGVyAAAAAA5waXRtAAAAAAABAAAAHmlsb2MAAAAARAAAAQABAAAAAQAAASEAAAAcAAAAKGlpbmYA' +
  'AAAAAAEAAAAaaW5mZQIAAAAAAQAAYXYwMUNvbG9yAAAAAGppcHJwAAAAS2lwY28AAAAUaXNwZQAAAAAAAAAoAAAAGAAAABBw' +
  'aXhpAAAAAAMICAgAAAAMYXYxQ4EADAAAAAATY29scm5jbHgAAgACAAIAAAAAF2lwbWEAAAAAAAAAAQABBAECgwQAAAAkbWRh' +
  'dAoGGBUnu2AQMhIVAAAASAAAAARXTPr6Z9K3bXo='

let thread: ClipThread
let head: Pixels
let second: Pixels

beforeAll(async () => {
  ;[head, second] = (await talkingHead(WIDTH, HEIGHT, [0, 1.5])) as [Pixels, Pixels]
  thread = await openClipThread()
  await thread.api.putSource('amara', await (await amara())())
}, 60_000)
afterAll(() => thread[Symbol.asyncDispose]())
beforeEach(async () => {
  await thread.api.unload()
  await thread.api.setLook(DEFAULT_LOOK)
  await thread.api.setCast({ everyone: 'amara', people: {} }, [])
})

const png = (pixels: Pixels) => canvasOf(pixels).convertToBlob({ type: 'image/png' })
const load = (blob: Blob, name = 'picture') =>
  thread.api.load(
    new File([blob], name),
    proxy(() => undefined),
    NEVER,
  )
const decoded = async (blob: Blob) => shownOn(await createImageBitmap(blob))
const alphaAt = ({ width, data }: Pixels, x: number, y: number) => data[4 * (y * width + x) + 3]

it.each(MARKED)('comes out as %s in its size, swapped, marked, and says so', async (type) => {
  expect(await load(await png(head))).toEqual({ kind: 'still', width: WIDTH, height: HEIGHT })
  const saved = await thread.api.saveStill(type)
  expect(saved.type).toBe(type)
  expect(await saysModified(saved)).toBe(true)
  const picture = await decoded(saved)
  expect([picture.width, picture.height]).toEqual([WIDTH, HEIGHT])
  expect(differenceOf(picture, head, inFace).mean).toBeGreaterThan(5)
  expect(differenceOf(picture, head, inBadge).mean).toBeGreaterThan(10)
  const rest = differenceOf(picture, head, (x, y) => !inFace(x, y) && !inBadge(x, y))
  if (type === 'image/png') expect(rest.max).toBe(0)
  else expect(rest.mean).toBeLessThan(2)
})

it('is shown as it is saved, but for what only helps to judge it', async () => {
  await load(await png(head))
  const saved = await decoded(await thread.api.saveStill('image/png'))
  await expect.poll(() => differenceOf(thread.picture(), saved).max).toBe(0)
  await thread.api.setLook({ ...DEFAULT_LOOK, mirror: true, split: 0.5, showMesh: true })
  await expect.poll(() => differenceOf(thread.picture(), saved, inFace).mean).toBeGreaterThan(1)
  expect(differenceOf(await decoded(await thread.api.saveStill('image/png')), saved).max).toBe(0)
})

it('keeps its face, and says nothing, when nobody is to become somebody else', async () => {
  await load(await png(head))
  await thread.api.setCast({ everyone: 'keep', people: {} }, [])
  const saved = await thread.api.saveStill('image/png')
  expect(await saysModified(saved)).toBe(false)
  expect(differenceOf(await decoded(saved), head).max).toBe(0)
})

it('carries no badge when that is switched off, but its provenance', async () => {
  await load(await png(head))
  await thread.api.setLook({ ...DEFAULT_LOOK, badge: 'off' })
  const saved = await thread.api.saveStill('image/png')
  expect(await saysModified(saved)).toBe(true)
  expect(differenceOf(await decoded(saved), head, (x, y) => !inFace(x, y)).max).toBe(0)
})

it('may be of any kind, whatever its name says', async () => {
  const canvas = canvasOf(head)
  for (const blob of [
    await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 }),
    await canvas.convertToBlob({ type: 'image/webp', quality: 0.95 }),
    bmpOf(head),
    gifOf([head, second]), // the first picture counts
  ]) {
    expect(await load(blob, 'clip.mp4')).toEqual({ kind: 'still', width: WIDTH, height: HEIGHT })
    const picture = await decoded(await thread.api.saveStill('image/png'))
    expect(differenceOf(picture, head, inFace).mean).toBeGreaterThan(5)
    expect(differenceOf(picture, head, (x, y) => !inFace(x, y) && !inBadge(x, y)).mean).toBeLessThan(4)
  }
})

it('may be AVIF', async () => {
  const bytes = Uint8Array.from(atob(AVIF), (letter) => letter.charCodeAt(0))
  expect(await load(new Blob([bytes]))).toEqual({ kind: 'still', width: 40, height: 24 })
  await thread.api.setCast({ everyone: 'keep', people: {} }, [])
  const { data } = await decoded(await thread.api.saveStill('image/png'))
  for (const [channel, value] of [0xc0, 0x40, 0x20].entries())
    expect(Math.abs(data[channel]! - value)).toBeLessThan(8)
})

it('is scanned for people, each with a role of their own', async () => {
  const both = createPixels(2 * WIDTH, HEIGHT)
  for (const [i, { data }] of [head, second].entries())
    for (let y = 0; y < HEIGHT; y++)
      both.data.set(data.subarray(4 * y * WIDTH, 4 * (y + 1) * WIDTH), 4 * (y * 2 * WIDTH + i * WIDTH))
  await load(await png(both))
  const { people } = await thread.api.scan(
    undefined,
    proxy(() => undefined),
    NEVER,
  )
  expect(people).toHaveLength(2)
  const right = people.find(({ sightings }) => sightings[0]!.x > 0.5)!
  for (const { thumbnail } of people) {
    expect(thumbnail.width).toBe(thumbnail.height)
    thumbnail.close()
  }
  const known = people.map(({ id, sightings }) => ({ id, sightings }))
  await thread.api.setCast({ everyone: 'keep', people: { [right.id]: 'amara' } }, known)
  const picture = await decoded(await thread.api.saveStill('image/png'))
  expect(differenceOf(picture, both, (x) => x < WIDTH).max).toBe(0)
  expect(differenceOf(picture, both, (x, y) => inFace(x - WIDTH, y)).mean).toBeGreaterThan(5)
})

it('is turned upright', async () => {
  const sideways = new OffscreenCanvas(HEIGHT, WIDTH)
  const context = sideways.getContext('2d')!
  context.translate(0, WIDTH)
  context.rotate(-Math.PI / 2)
  context.drawImage(canvasOf(head), 0, 0)
  const jpeg = await sideways.convertToBlob({ type: 'image/jpeg', quality: 0.95 })
  expect(await load(turnedJpeg(jpeg))).toEqual({ kind: 'still', width: WIDTH, height: HEIGHT })
  const picture = await decoded(await thread.api.saveStill('image/png'))
  expect(differenceOf(picture, head, inFace).mean).toBeGreaterThan(5)
  expect(differenceOf(picture, head, (x, y) => !inFace(x, y) && !inBadge(x, y)).mean).toBeLessThan(4)
})

it('stays transparent where it was, and the badge is seen all the same', async () => {
  const cut = { ...head, data: new Uint8ClampedArray(head.data) }
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++)
      if (!inFace(x, y)) cut.data.fill(0, 4 * (y * WIDTH + x), 4 * (y * WIDTH + x) + 4)
  await load(await png(cut))
  for (const type of ['image/png', 'image/webp'] as const) {
    const picture = await decoded(await thread.api.saveStill(type))
    expect(alphaAt(picture, 5, 5)).toBe(0)
    expect(alphaAt(picture, 200, 150)).toBe(255)
    expect(alphaAt(picture, WIDTH - 40, HEIGHT - 15)).toBe(255)
    expect(differenceOf(picture, head, inFace).mean).toBeGreaterThan(5)
  }
})

it('is shown smaller when it is very large, and saved at its full size', async () => {
  const [width, height] = [5000, 300]
  const wide = createPixels(width, height)
  wide.data.fill(255)
  const left = 4000
  for (let y = 0; y < HEIGHT; y++)
    wide.data.set(head.data.subarray(4 * y * WIDTH, 4 * (y + 1) * WIDTH), 4 * (y * width + left))
  expect(await load(await png(wide))).toEqual({ kind: 'still', width, height })
  await expect.poll(() => thread.picture().width).toBe(4096)
  const picture = await decoded(await thread.api.saveStill('image/png'))
  expect([picture.width, picture.height]).toEqual([width, height])
  const face = (x: number, y: number) => inFace(x - left, y)
  expect(differenceOf(picture, wide, face).mean).toBeGreaterThan(5)
  const badge = (x: number, y: number) => x > width - 110 && y > height - 35
  expect(differenceOf(picture, wide, (x, y) => !face(x, y) && !badge(x, y)).max).toBe(0)
})

it('that cannot be read is refused by name, and what was open stays', async () => {
  await load(await png(head))
  const before = await decoded(await thread.api.saveStill('image/png'))
  const whole = await png(second)
  for (const [blob, name] of [
    [pngHead(10_000, 10_000), 'ImageTooLargeError'],
    [whole.slice(0, whole.size / 2), 'ImageUndecodableError'],
    [new Blob(['<svg xmlns="x"/>']), 'SvgUndecodableError'],
  ] as const)
    await expect(load(blob)).rejects.toMatchObject({ name })
  expect(differenceOf(await decoded(await thread.api.saveStill('image/png')), before).max).toBe(0)
})

it('is not there when nothing is open', async () => {
  await expect(thread.api.saveStill('image/png')).rejects.toMatchObject({ name: 'NothingShownError' })
})
