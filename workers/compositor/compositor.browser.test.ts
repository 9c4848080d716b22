import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeBadge } from './badge'
import { layerBounds } from './cpu/rasterise'
import type { Corner } from './layer'
import { sampleFrame, sampleLayer } from './sample-picture'
import {
  cropAround,
  differenceOf,
  flipped,
  KINDS,
  makeCompositor,
  PLAIN,
  picture,
  shownOn,
} from './testing/pictures'
import { type Gpu, openGpu } from './webgpu/gpu'

const errors: string[] = []
let gpu: Gpu

beforeAll(async () => {
  gpu = (await openGpu((message) => errors.push(message)))!
})

afterAll(() => {
  gpu[Symbol.dispose]()
  expect(errors.join('\n')).toBe('')
})

describe.each(KINDS)('%s', (kind) => {
  it('leaves every pixel outside the layers as the plate has it', async () => {
    const layer = sampleLayer(640, 480)
    const { x, y, width, height } = layerBounds(layer, 640, 480)
    const plate = await picture(kind, gpu, sampleFrame(640, 480), [])
    const drawn = await picture(kind, gpu, sampleFrame(640, 480), [layer])
    const inside = (px: number, py: number) => px >= x && px < x + width && py >= y && py < y + height
    expect(differenceOf(plate, drawn, (px, py) => !inside(px, py)).max).toBe(0)
    expect(differenceOf(plate, drawn, inside).mean).toBeGreaterThan(10)
  })

  it('mirrors', async () => {
    const layers = [sampleLayer(640, 480)]
    const straight = await picture(kind, gpu, sampleFrame(640, 480), layers)
    const mirrored = await picture(kind, gpu, sampleFrame(640, 480), layers, { ...PLAIN, mirror: true })
    expect(differenceOf(flipped(straight), mirrored).p99).toBeLessThanOrEqual(1)
    expect(differenceOf(straight, mirrored).mean).toBeGreaterThan(5)
  })

  it.each([false, true])('shows the plate left of the split, mirrored: %s', async (mirror) => {
    const layers = [sampleLayer(640, 480)]
    const look = { ...PLAIN, mirror }
    const plate = await picture(kind, gpu, sampleFrame(640, 480), [], look)
    const whole = await picture(kind, gpu, sampleFrame(640, 480), layers, look)
    const split = await picture(kind, gpu, sampleFrame(640, 480), layers, { ...look, split: 0.45 })
    expect(differenceOf(plate, split, (x) => x < 288).max).toBe(0)
    expect(differenceOf(whole, split, (x) => x >= 288).max).toBe(0)
    expect(differenceOf(plate, whole, (x) => x < 288).max).toBeGreaterThan(20)
  })

  it.each(['top-left', 'top-right', 'bottom-left', 'bottom-right'] satisfies Corner[])(
    'puts the badge into the corner %s, readable also in a mirror',
    async (corner) => {
      using image = disposable(makeBadge(480))
      const plate = await picture(kind, gpu, sampleFrame(640, 480), [])
      const badge = { image, corner }
      const straight = await picture(kind, gpu, sampleFrame(640, 480), [], { ...PLAIN, badge })
      const mirrored = await picture(kind, gpu, sampleFrame(640, 480), [], { ...PLAIN, badge, mirror: true })
      const left = corner.endsWith('left') ? 12 : 640 - 12 - image.width
      const top = corner.startsWith('top') ? 12 : 480 - 12 - image.height
      const inside = (x: number, y: number) =>
        x >= left && x < left + image.width && y >= top && y < top + image.height
      expect(differenceOf(plate, straight, (x, y) => !inside(x, y)).max).toBe(0)
      expect(differenceOf(plate, straight, inside).mean).toBeGreaterThan(40)
      // The words are white on both, at the same place.
      const white = (x: number, y: number) => inside(x, y) && straight.data[(y * 640 + x) * 4]! > 250
      expect(differenceOf(straight, mirrored, white).max).toBeLessThan(10)
      expect(differenceOf(plate, mirrored, white).mean).toBeGreaterThan(60)
    },
  )

  it('hides the plate behind a mosaic, on both sides of a split', async () => {
    const { data, width } = await picture(kind, gpu, sampleFrame(640, 480), [], {
      ...PLAIN,
      veil: true,
      split: 0.5,
    })
    const colours = new Set(new Uint32Array(data.buffer))
    expect(colours.size).toBeLessThanOrEqual(24 * 18)
    expect(colours.size).toBeGreaterThan(100)
    const at = (x: number, y: number) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)]
    expect(at(27, 27)).toEqual(at(53, 53)) // one block
  })

  it.each([
    [1, 1],
    [2, 3],
    [641, 359],
    [1280, 720],
  ])('draws frames of %i × %i', async (width, height) => {
    // A face of a pixel or two may fall between the pixels of one compositor and not of the other.
    const layers = width < 10 ? [] : [sampleLayer(width, height)]
    const pixels = await picture(kind, gpu, sampleFrame(width, height), layers)
    expect([pixels.width, pixels.height]).toEqual([width, height])
    const oracle = await picture('cpu', gpu, sampleFrame(width, height), layers)
    expect(differenceOf(pixels, oracle).mean).toBeLessThan(4)
  })

  it.each(['I420', 'NV12', 'RGBA', 'BGRA', 'RGBX', 'BGRX'] as const)('understands %s', async (format) => {
    const grey = 160
    const [width, height] = [64, 48]
    const yuv = format === 'I420' || format === 'NV12'
    const data = new Uint8Array(width * height * (yuv ? 1.5 : 4)).fill(grey)
    if (yuv) data.fill(128, width * height)
    if (format.endsWith('A')) for (let i = 3; i < data.length; i += 4) data[i] = 255
    if (!yuv) for (let i = 0; i < data.length; i += 4) data[i + (format.startsWith('R') ? 0 : 2)] = 220 // red
    const frame = new VideoFrame(data, { format, codedWidth: width, codedHeight: height, timestamp: 0 })
    const pixels = await picture(kind, gpu, frame, [])
    const level = ((grey - 16) * 255) / 219
    const expected = yuv ? [level, level, level] : [220, grey, grey]
    const middle = (24 * width + 32) * 4
    for (const channel of [0, 1, 2])
      expect(Math.abs(pixels.data[middle + channel]! - expected[channel]!)).toBeLessThanOrEqual(2)
  })

  it('stretches frames whose pixels are not square', async () => {
    const data = new Uint8Array(64 * 48 * 1.5).fill(128)
    data.fill(220, 0, 64 * 24) // upper half bright
    const shape = { codedWidth: 64, codedHeight: 48, displayWidth: 128, displayHeight: 48, timestamp: 0 }
    const pixels = await picture(kind, gpu, new VideoFrame(data, { format: 'I420', ...shape }), [])
    expect([pixels.width, pixels.height]).toEqual([128, 48])
    expect(pixels.data[(10 * 128 + 100) * 4]).toBeGreaterThan(200)
    expect(pixels.data[(40 * 128 + 100) * 4]).toBeLessThan(150)
  })

  it('turns frames that say so', async () => {
    const data = new Uint8Array(64 * 48 * 1.5).fill(128)
    data.fill(220, 0, 64 * 24) // upper half bright: after a quarter turn clockwise, the right half
    const init = { format: 'I420', codedWidth: 64, codedHeight: 48, timestamp: 0, rotation: 90 } as const
    const pixels = await picture(kind, gpu, new VideoFrame(data, init as VideoFrameBufferInit), [])
    expect([pixels.width, pixels.height]).toEqual([48, 64])
    expect(pixels.data[(32 * 48 + 40) * 4]).toBeGreaterThan(200)
    expect(pixels.data[(32 * 48 + 8) * 4]).toBeLessThan(150)
  })

  it('follows a stream that changes its size, and closes every frame', async () => {
    const canvas = new OffscreenCanvas(1, 1)
    using compositor = makeCompositor(kind, canvas, gpu)
    for (const [width, height] of [
      [640, 480],
      [320, 240],
      [320, 240],
      [240, 320],
      [640, 480],
    ] as const) {
      const frame = sampleFrame(width, height)
      {
        using plate = await compositor.take(frame)
        expect([plate.width, plate.height]).toEqual([width, height])
        await compositor.draw(plate, [sampleLayer(width, height)], PLAIN)
      }
      expect(frame.format).toBe(null) // closed
      expect([canvas.width, canvas.height]).toEqual([width, height])
      expect(shownOn(canvas).data[3]).toBe(255)
    }
  })

  it('keeps two plates apart', async () => {
    const canvas = new OffscreenCanvas(1, 1)
    using compositor = makeCompositor(kind, canvas, gpu)
    using first = await compositor.take(sampleFrame(640, 480))
    using second = await compositor.take(sampleFrame(640, 480, 900_000))
    await compositor.draw(second, [], PLAIN)
    const later = shownOn(canvas)
    await compositor.draw(first, [], PLAIN)
    expect(differenceOf(shownOn(canvas), later).mean).toBeGreaterThan(5)
    expect(differenceOf(shownOn(canvas), await picture(kind, gpu, sampleFrame(640, 480), [])).max).toBe(0)
  })

  it('uploads a source face once, and counts copies', async () => {
    using compositor = makeCompositor(kind, new OffscreenCanvas(1, 1), gpu)
    const layer = sampleLayer(640, 480)
    const counts: number[] = []
    for (let i = 0; i < 3; i++) {
      using plate = await compositor.take(sampleFrame(640, 480))
      await plate.crop(cropAround(320, 240, 0.5, 0, 192), 192)
      await compositor.draw(plate, [layer, layer], PLAIN)
      counts.push(compositor.takeCopies())
    }
    const expected = { cpu: [2, 2, 2], 'webgpu, uploading': [2, 1, 1], 'webgpu, importing': [3, 2, 2] }
    expect(counts).toEqual(expected[kind])
  })

  it('gives a snapshot', async () => {
    const canvas = new OffscreenCanvas(1, 1)
    using compositor = makeCompositor(kind, canvas, gpu)
    await expect(compositor.snapshot()).rejects.toThrow('Nothing was drawn yet.')
    using plate = await compositor.take(sampleFrame(90, 70))
    await compositor.draw(plate, [], { ...PLAIN, mirror: true })
    const seen = shownOn(canvas)
    const image = await createImageBitmap(await compositor.snapshot())
    expect(differenceOf(shownOn(image), seen).max).toBe(0)
  })
})

function disposable(image: ImageBitmap): ImageBitmap & Disposable {
  return Object.assign(image, { [Symbol.dispose]: () => image.close() })
}
