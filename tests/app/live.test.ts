/** The live studio as a person uses it: a camera in, a character on it, looked at pixel by pixel. */
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Pixels } from '../../models/pixels'
import { VERA } from '../../workers/demo-head/character'
import { renderPortrait } from '../../workers/demo-head/portrait'
import { type LaunchedApp, launchApp } from '../browser/launch'
import { clipCamera } from '../media/clips'
import { ensureFakeCamera } from '../media/fake-camera'
import { writeStillCamera } from '../media/still-camera'
import { canonicalFace, correlation, facePattern } from './face-pattern'
import { drawWith, snapshot, startCamera, useCharacter, usePicture } from './studio-page'

/** Mean absolute difference per channel, 0..255, over the pixels that `where` picks. */
function difference(a: Pixels, b: Pixels, where: (x: number, y: number) => boolean): number {
  expect([a.width, a.height]).toEqual([b.width, b.height])
  let sum = 0
  let count = 0
  for (let y = 0; y < a.height; y++) {
    for (let x = 0; x < a.width; x++) {
      if (!where(x, y)) continue
      const at = 4 * (y * a.width + x)
      for (let c = 0; c < 3; c++) sum += Math.abs(a.data[at + c]! - b.data[at + c]!)
      count += 3
    }
  }
  return sum / Math.max(1, count)
}

/** The face's box as the page reports it, in px of the shown (not mirrored) picture. */
async function faceBox({ page }: LaunchedApp) {
  const stats = await page.evaluate(() => globalThis.understudy!.stats()!)
  const { box } = stats.faces[0]!
  const { width, height } = stats.frame
  return { x: box.x * width, y: box.y * height, width: box.width * width, height: box.height * height }
}

type FaceBox = Awaited<ReturnType<typeof faceBox>>
const inside =
  ({ x, y, width, height }: FaceBox, grow: number) =>
  (px: number, py: number) =>
    px > x - grow * width &&
    px < x + (1 + grow) * width &&
    py > y - grow * height &&
    py < y + (1 + grow) * height

/** Lets the next pictures be drawn with a changed look. */
async function look(app: LaunchedApp, changes: object): Promise<Pixels> {
  await app.page.evaluate((it) => globalThis.understudy!.setLook(it), changes)
  const shown = await app.page.evaluate(() => globalThis.understudy!.stats()!.shown)
  await app.page.waitForFunction((n) => (globalThis.understudy?.stats()?.shown ?? 0) > n + 12, shown)
  return snapshot(app.page)
}

describe('a still camera', () => {
  let app: LaunchedApp
  let plate: Pixels
  beforeAll(async () => {
    app = await launchApp({ camera: writeStillCamera() })
    await startCamera(app.page)
    await useCharacter(app.page, 0)
    plate = await look(app, { mirror: false, badge: 'off', smoothing: 1, split: 1 })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  test('the face changes, everything around it stays as it was filmed', async () => {
    const swapped = await look(app, { split: undefined })
    const box = await faceBox(app)
    expect(difference(swapped, plate, inside(box, -0.2))).toBeGreaterThan(8)
    const around = inside(box, 0.35)
    expect(difference(swapped, plate, (x, y) => !around(x, y))).toBe(0)
  })

  test('the face looks like the character, much more than the one who was filmed does', async () => {
    const swapped = await look(app, { split: undefined })
    const portrait = renderPortrait(canonicalFace(), VERA, 640)
    const patterns = await Promise.all([swapped, plate, portrait].map(facePattern))
    const [ofSwapped, ofPlate, ofSource] = patterns as [Float32Array, Float32Array, Float32Array]
    expect(correlation(ofSwapped, ofSource)).toBeGreaterThan(0.8)
    // One skull and one light make the demo's characters alike to begin with: what counts is how much of the rest is gone.
    const unlike = 1 - correlation(ofSwapped, ofSource)
    expect(unlike).toBeLessThan(0.7 * (1 - correlation(ofPlate, ofSource)))
    expect(unlike).toBeLessThan(1 - correlation(ofSwapped, ofPlate))
  })

  test('at rest the picture rests', async () => {
    const first = await look(app, { split: undefined })
    const second = await look(app, {})
    expect(difference(first, second, () => true)).toBeLessThan(0.5)
  })

  test('each control does what it says', async () => {
    const whole = await look(app, { split: undefined })
    const box = await faceBox(app)
    const face = inside(box, 0)
    const half = await look(app, { opacity: 0.5 })
    const full = difference(whole, plate, face)
    expect(difference(half, plate, face)).toBeGreaterThan(full * 0.35)
    expect(difference(half, plate, face)).toBeLessThan(full * 0.65)
    expect(difference(await look(app, { opacity: 0 }), plate, face)).toBeLessThan(0.01)
    await look(app, { opacity: 1 })
    for (const changes of [
      { shape: 0 },
      { colourMatch: 0 },
      { edgeSoftness: 1 },
      { sharpness: 1 },
      { ownEyes: false },
      { ownMouth: true },
      { showMesh: true },
    ]) {
      const before = await look(app, {})
      const after = await look(app, changes)
      expect(difference(before, after, face), JSON.stringify(changes)).toBeGreaterThan(0.05)
    }
    await look(app, { showMesh: false })
  })

  test('mirror, split and badge', async () => {
    const straight = await look(app, { split: undefined, mirror: false })
    const mirrored = await look(app, { mirror: true })
    const { width, height } = straight
    const flipped: Pixels = { width, height, data: new Uint8ClampedArray(mirrored.data.length) }
    for (let i = 0; i < width * height; i++) {
      const from = 4 * (i - (i % width) + (width - 1 - (i % width)))
      flipped.data.set(mirrored.data.subarray(from, from + 4), 4 * i)
    }
    expect(difference(straight, flipped, () => true)).toBeLessThan(0.5)

    const box = await faceBox(app)
    const middle = (box.x + box.width / 2) / width
    const split = await look(app, { mirror: false, split: middle })
    expect(difference(split, plate, (x) => x < middle * width - 2)).toBe(0)
    expect(
      difference(split, plate, (x, y) => x > middle * width + 2 && inside(box, 0)(x, y)),
    ).toBeGreaterThan(3)

    const badged = await look(app, { split: 1, badge: 'top-left' })
    expect(difference(badged, plate, (x, y) => x < width / 2 && y < height / 6)).toBeGreaterThan(1)
    expect(difference(badged, plate, (x, y) => x > width / 2 || y > height / 4)).toBe(0)
  })

  test('nothing was said on the console', () => {
    expect(app.problems).toEqual([])
  })
})

describe('a moving camera', () => {
  let app: LaunchedApp
  beforeAll(async () => {
    app = await launchApp({ camera: ensureFakeCamera() })
    await startCamera(app.page)
    await useCharacter(app.page, 1)
  })
  afterAll(() => app[Symbol.asyncDispose]())

  test('the picture keeps changing with the camera', async () => {
    const pictures: Pixels[] = []
    for (let i = 0; i < 3; i++) {
      pictures.push(await snapshot(app.page))
      await app.page.waitForTimeout(700)
    }
    expect(difference(pictures[0]!, pictures[1]!, () => true)).toBeGreaterThan(0.3)
    expect(difference(pictures[1]!, pictures[2]!, () => true)).toBeGreaterThan(0.3)
  })

  test('frames are counted, and the numbers are those of a running studio', async () => {
    const stats = await app.page.evaluate(() => globalThis.understudy!.stats()!)
    expect(stats.fps).toBeGreaterThan(1)
    expect(stats.latencyMs.p50).toBeGreaterThan(0)
    expect(Object.keys(stats.stages)).toEqual(expect.arrayContaining(['take', 'mesh', 'layer', 'draw']))
    expect(stats.engine).toBe('mesh')
  })

  test('the output stream carries the picture', async () => {
    const size = await app.page.evaluate(async () => {
      const stop = globalThis.understudy!.watchOutput()
      const video = document.createElement('video')
      video.muted = true
      video.srcObject = globalThis.understudy!.output
      await video.play()
      const frames = await new Promise<number>((resolve) => {
        let count = 0
        const next = () => (++count < 5 ? video.requestVideoFrameCallback(next) : resolve(count))
        video.requestVideoFrameCallback(next)
      })
      const { videoWidth, videoHeight } = video
      stop()
      return { frames, width: videoWidth, height: videoHeight }
    })
    expect(size).toEqual({ frames: 5, width: 640, height: 480 })
  })

  test('stop and start again', async () => {
    await app.page.evaluate(() => globalThis.understudy!.stop())
    expect(await app.page.evaluate(() => globalThis.understudy!.phase())).toBe('idle')
    await startCamera(app.page)
    await app.page.waitForFunction(() => globalThis.understudy!.stats()?.faces.some((face) => face.swapped))
    expect(app.problems).toEqual([])
  })
})

describe('a GPU that goes away', () => {
  test('is replaced, and after that drawing goes on without it', async () => {
    await using app = await launchApp({ camera: ensureFakeCamera() })
    await startCamera(app.page)
    await drawWith(app.page, 'webgpu')
    await startCamera(app.page)
    await useCharacter(app.page, 0)
    expect(await compositor(app)).toBe('webgpu')
    for (const then of ['webgpu', 'cpu'] as const) {
      const shown = await app.page.evaluate(() => globalThis.understudy!.stats()!.shown)
      await app.page.evaluate(() => globalThis.understudy!.loseDevice())
      await app.page.waitForFunction((n) => globalThis.understudy!.stats()!.shown > n + 8, shown)
      expect(await compositor(app)).toBe(then)
      await app.page.waitForFunction(() => globalThis.understudy!.stats()?.faces.some((face) => face.swapped))
      expect((await snapshot(app.page)).width).toBe(640)
    }
    expect(app.problems).toEqual([])
  })
})

const compositor = (app: LaunchedApp) => app.page.evaluate(() => globalThis.understudy!.stats()!.compositor)

describe.runIf(inject('shared') !== '')('real people', () => {
  test.each([
    ['clip_talk_man_a_lp_d18.mp4', 'portrait_ai_woman_wan_pose.png'],
    ['clip_woman_c_lp_s18.mp4', 'portrait_man_b_lp_d8.jpg'],
    ['clip_driving_lp_d0.mp4', 'painting_monalisa_lp_s9.jpg'],
  ])('%s with the face of %s', async (clip, source) => {
    const media = resolve(inject('shared'), 'media')
    const camera = clipCamera(resolve(media, clip), 640, 480)
    if (!camera) return // no ffmpeg to make a camera of it
    await using app = await launchApp({ camera })
    await startCamera(app.page)
    await usePicture(app.page, resolve(media, source))
    const swapped = await snapshot(app.page)
    expect(swapped.width).toBe(640)
    const stats = await app.page.evaluate(() => globalThis.understudy!.stats()!)
    expect(stats.faces.filter((face) => face.swapped)).toHaveLength(1)
    expect(app.problems).toEqual([])
  })
})
