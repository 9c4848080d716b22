import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Affine } from '../../models/affine'
import type { Pixels } from '../../models/pixels'
import { makeBadge } from './badge'
import type { Compositor } from './compositor'
import { CpuCompositor } from './cpu/cpu-compositor'
import { layerBounds } from './cpu/rasterise'
import type { Corner, Layer, Overlay } from './layer'
import { sampleFrame, sampleLayer } from './sample-picture'
import { type Gpu, openGpu } from './webgpu/gpu'
import { WebGpuCompositor } from './webgpu/webgpu-compositor'
import { meshEdges } from './wireframe'

const PLAIN: Overlay = { veil: false, mirror: false, split: undefined, meshes: [], badge: undefined }
const EDGES = meshEdges(sampleLayer(640, 480).triangles)

/** The sample layer's points as if they were landmarks. */
function landmarksOf({ vertices }: Layer): Float32Array {
  return Float32Array.from({ length: (vertices.length / 12) * 3 }, (_, i) =>
    i % 3 === 2 ? 0 : vertices[Math.floor(i / 3) * 12 + (i % 3)]!,
  )
}

/** What the canvas shows. */
function shown(canvas: OffscreenCanvas): Pixels {
  const { width, height } = canvas
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
  context.drawImage(canvas, 0, 0)
  return { width, height, data: new Uint8ClampedArray(context.getImageData(0, 0, width, height).data) }
}

interface Difference {
  readonly mean: number
  readonly p99: number
  readonly max: number
}

/** Differences of colour values, 0..255, over the pixels that `counts` lets through. */
function differenceOf(
  a: Pixels,
  b: Pixels,
  counts: (x: number, y: number) => boolean = () => true,
): Difference {
  expect([a.width, a.height]).toEqual([b.width, b.height])
  const seen = new Uint32Array(256)
  let total = 0
  for (let i = 0; i < a.data.length; i++) {
    const pixel = i >> 2
    if ((i & 3) === 3 || !counts(pixel % a.width, Math.floor(pixel / a.width))) continue
    seen[Math.abs(a.data[i]! - b.data[i]!)]!++
    total++
  }
  let sum = 0
  let below = 0
  let p99 = -1
  let max = 0
  for (let d = 0; d < 256; d++) {
    sum += d * seen[d]!
    below += seen[d]!
    if (p99 < 0 && below >= 0.99 * total) p99 = d
    if (seen[d]! > 0) max = d
  }
  return { mean: sum / total, p99, max }
}

function flipped({ width, height, data }: Pixels): Pixels {
  const out = new Uint8ClampedArray(data.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 4
      out.set(data.subarray(from, from + 4), (y * width + width - 1 - x) * 4)
    }
  return { width, height, data: out }
}

const errors: string[] = []
let gpu: Gpu

beforeAll(async () => {
  const opened = await openGpu((message) => errors.push(message))
  if (!opened) throw new Error('This browser offers no WebGPU.')
  gpu = opened
})

afterAll(() => {
  gpu[Symbol.dispose]()
  expect(errors.join('\n')).toBe('')
})

type Kind = 'cpu' | 'webgpu, uploading' | 'webgpu, importing'
const KINDS: readonly Kind[] = ['cpu', 'webgpu, uploading', 'webgpu, importing']

function make(kind: Kind, canvas: OffscreenCanvas): Compositor {
  if (kind === 'cpu') return new CpuCompositor(canvas, EDGES)
  return new WebGpuCompositor(canvas, gpu, EDGES, {
    intake: kind === 'webgpu, importing' ? 'import' : 'upload',
  })
}

/** One picture, drawn by a compositor of its own. */
async function picture(
  kind: Kind,
  frame: VideoFrame,
  layers: readonly Layer[],
  overlay = PLAIN,
): Promise<Pixels> {
  const canvas = new OffscreenCanvas(1, 1)
  using compositor = make(kind, canvas)
  using plate = await compositor.take(frame)
  await compositor.draw(plate, layers, overlay)
  return shown(canvas)
}

async function crop(kind: Kind, frame: VideoFrame, frameToCrop: Affine, size: number): Promise<Pixels> {
  using compositor = make(kind, new OffscreenCanvas(1, 1))
  using plate = await compositor.take(frame)
  return await plate.crop(frameToCrop, size)
}

const turned = (scale: number, angle: number, x: number, y: number, size: number): Affine => {
  const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)]
  return [c, s, -s, c, size / 2 - c * x + s * y, size / 2 - s * x - c * y]
}

describe('the compositors agree', () => {
  const layer = sampleLayer(640, 480)
  const everything: readonly (readonly [string, readonly Layer[], Overlay])[] = [
    ['plate alone', [], PLAIN],
    ['a face', [layer], PLAIN],
    ['a faint face, mirrored', [{ ...layer, opacity: 0.6 }], { ...PLAIN, mirror: true }],
    ['split', [layer], { ...PLAIN, split: 0.4, mirror: true }],
    ['mesh lines', [layer], { ...PLAIN, meshes: [landmarksOf(layer)] }],
    ['mesh lines, mirrored', [], { ...PLAIN, meshes: [landmarksOf(layer)], mirror: true }],
    ['veil', [], { ...PLAIN, veil: true, mirror: true, split: 0.5 }],
  ]
  for (const [name, layers, overlay] of everything)
    it(`uploading to the GPU: ${name}`, async () => {
      const oracle = await picture('cpu', sampleFrame(640, 480), layers, overlay)
      const drawn = await picture('webgpu, uploading', sampleFrame(640, 480), layers, overlay)
      const { mean, p99 } = differenceOf(oracle, drawn)
      expect(mean).toBeLessThan(0.25)
      expect(p99).toBeLessThanOrEqual(2)
    })

  it.each(everything)('importing: %s', async (_, layers, overlay) => {
    const oracle = await picture('cpu', sampleFrame(640, 480), layers, overlay)
    const drawn = await picture('webgpu, importing', sampleFrame(640, 480), layers, overlay)
    // The browser converts an imported frame's colours by itself: chroma is interpolated, primaries are mapped.
    const { mean, p99 } = differenceOf(oracle, drawn)
    expect(mean).toBeLessThan(2)
    expect(p99).toBeLessThanOrEqual(5)
  })

  it('importing a frame without conversion of colours', async () => {
    const rgba = async () => {
      const { width, height, data } = await picture('cpu', sampleFrame(640, 480), [])
      return new VideoFrame(data, { format: 'RGBA', codedWidth: width, codedHeight: height, timestamp: 0 })
    }
    const oracle = await picture('cpu', await rgba(), [layer])
    const { mean, p99 } = differenceOf(oracle, await picture('webgpu, importing', await rgba(), [layer]))
    expect(mean).toBeLessThan(0.25)
    expect(p99).toBeLessThanOrEqual(2)
  })

  it.each([
    ['level', turned(0.7, 0, 320, 240, 192), 192],
    ['turned, enlarged', turned(1.6, 0.4, 300, 200, 192), 192],
    ['far away: several taps', turned(0.2, -0.3, 320, 240, 100), 100],
    ['half outside', turned(0.5, 1, 20, 470, 192), 192],
  ] as const)('on crops: %s', async (_, frameToCrop, size) => {
    const rgbx = async () => {
      const { width, height, data } = await picture('cpu', sampleFrame(640, 480), [])
      return new VideoFrame(data, { format: 'RGBX', codedWidth: width, codedHeight: height, timestamp: 0 })
    }
    const oracle = await crop('cpu', await rgbx(), frameToCrop, size)
    expect([oracle.width, oracle.height]).toEqual([size, size])
    for (const kind of ['webgpu, uploading', 'webgpu, importing'] as const) {
      const { mean, p99 } = differenceOf(oracle, await crop(kind, await rgbx(), frameToCrop, size))
      expect(mean).toBeLessThan(0.3)
      expect(p99).toBeLessThanOrEqual(2)
    }
  })
})

describe.each(KINDS)('%s', (kind) => {
  it('leaves every pixel outside the layers as the plate has it', async () => {
    const layer = sampleLayer(640, 480)
    const { x, y, width, height } = layerBounds(layer, 640, 480)
    const plate = await picture(kind, sampleFrame(640, 480), [])
    const drawn = await picture(kind, sampleFrame(640, 480), [layer])
    const inside = (px: number, py: number) => px >= x && px < x + width && py >= y && py < y + height
    expect(differenceOf(plate, drawn, (px, py) => !inside(px, py)).max).toBe(0)
    expect(differenceOf(plate, drawn, inside).mean).toBeGreaterThan(10)
  })

  it('mirrors', async () => {
    const layers = [sampleLayer(640, 480)]
    const straight = await picture(kind, sampleFrame(640, 480), layers)
    const mirrored = await picture(kind, sampleFrame(640, 480), layers, { ...PLAIN, mirror: true })
    expect(differenceOf(flipped(straight), mirrored).p99).toBeLessThanOrEqual(1)
    expect(differenceOf(straight, mirrored).mean).toBeGreaterThan(5)
  })

  it.each([false, true])('shows the plate left of the split, mirrored: %s', async (mirror) => {
    const layers = [sampleLayer(640, 480)]
    const look = { ...PLAIN, mirror }
    const plate = await picture(kind, sampleFrame(640, 480), [], look)
    const whole = await picture(kind, sampleFrame(640, 480), layers, look)
    const split = await picture(kind, sampleFrame(640, 480), layers, { ...look, split: 0.45 })
    expect(differenceOf(plate, split, (x) => x < 288).max).toBe(0)
    expect(differenceOf(whole, split, (x) => x >= 288).max).toBe(0)
    expect(differenceOf(plate, whole, (x) => x < 288).max).toBeGreaterThan(20)
  })

  it.each(['top-left', 'top-right', 'bottom-left', 'bottom-right'] satisfies Corner[])(
    'puts the badge into the corner %s, readable also in a mirror',
    async (corner) => {
      using image = disposable(makeBadge(480))
      const plate = await picture(kind, sampleFrame(640, 480), [])
      const badge = { image, corner }
      const straight = await picture(kind, sampleFrame(640, 480), [], { ...PLAIN, badge })
      const mirrored = await picture(kind, sampleFrame(640, 480), [], { ...PLAIN, badge, mirror: true })
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
    const { data, width } = await picture(kind, sampleFrame(640, 480), [], {
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
    const pixels = await picture(kind, sampleFrame(width, height), layers)
    expect([pixels.width, pixels.height]).toEqual([width, height])
    const oracle = await picture('cpu', sampleFrame(width, height), layers)
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
    const pixels = await picture(kind, frame, [])
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
    const pixels = await picture(kind, new VideoFrame(data, { format: 'I420', ...shape }), [])
    expect([pixels.width, pixels.height]).toEqual([128, 48])
    expect(pixels.data[(10 * 128 + 100) * 4]).toBeGreaterThan(200)
    expect(pixels.data[(40 * 128 + 100) * 4]).toBeLessThan(150)
  })

  it('turns frames that say so', async () => {
    const data = new Uint8Array(64 * 48 * 1.5).fill(128)
    data.fill(220, 0, 64 * 24) // upper half bright: after a quarter turn clockwise, the right half
    const init = { format: 'I420', codedWidth: 64, codedHeight: 48, timestamp: 0, rotation: 90 } as const
    const pixels = await picture(kind, new VideoFrame(data, init as VideoFrameBufferInit), [])
    expect([pixels.width, pixels.height]).toEqual([48, 64])
    expect(pixels.data[(32 * 48 + 40) * 4]).toBeGreaterThan(200)
    expect(pixels.data[(32 * 48 + 8) * 4]).toBeLessThan(150)
  })

  it('follows a stream that changes its size, and closes every frame', async () => {
    const canvas = new OffscreenCanvas(1, 1)
    using compositor = make(kind, canvas)
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
      expect(shown(canvas).data[3]).toBe(255)
    }
  })

  it('keeps two plates apart', async () => {
    const canvas = new OffscreenCanvas(1, 1)
    using compositor = make(kind, canvas)
    using first = await compositor.take(sampleFrame(640, 480))
    using second = await compositor.take(sampleFrame(640, 480, 900_000))
    await compositor.draw(second, [], PLAIN)
    const later = shown(canvas)
    await compositor.draw(first, [], PLAIN)
    expect(differenceOf(shown(canvas), later).mean).toBeGreaterThan(5)
    expect(differenceOf(shown(canvas), await picture(kind, sampleFrame(640, 480), [])).max).toBe(0)
  })

  it('uploads a source face once, and counts copies', async () => {
    using compositor = make(kind, new OffscreenCanvas(1, 1))
    const layer = sampleLayer(640, 480)
    const counts: number[] = []
    for (let i = 0; i < 3; i++) {
      using plate = await compositor.take(sampleFrame(640, 480))
      await plate.crop(turned(0.5, 0, 320, 240, 192), 192)
      await compositor.draw(plate, [layer, layer], PLAIN)
      counts.push(compositor.takeCopies())
    }
    const expected = { cpu: [2, 2, 2], 'webgpu, uploading': [2, 1, 1], 'webgpu, importing': [3, 2, 2] }
    expect(counts).toEqual(expected[kind])
  })
})

describe('a lost device', () => {
  it('rejects by name, and another compositor goes on with the canvas', async () => {
    const canvas = new OffscreenCanvas(1, 1)
    const first = (await openGpu((message) => errors.push(message)))!
    const broken = new WebGpuCompositor(canvas, first, EDGES)
    const plate = await broken.take(sampleFrame(320, 240))
    const drawing = broken.draw(plate, [], PLAIN)
    first.lose()
    await expect(drawing).rejects.toMatchObject({ name: 'DeviceLostError' })
    await expect(broken.draw(plate, [], PLAIN)).rejects.toMatchObject({ name: 'DeviceLostError' })
    const late = sampleFrame(320, 240)
    await expect(broken.take(late)).rejects.toMatchObject({ name: 'DeviceLostError' })
    expect(late.format).toBe(null) // closed

    using second = (await openGpu((message) => errors.push(message)))!
    using next = new WebGpuCompositor(canvas, second, EDGES)
    plate[Symbol.dispose]()
    broken[Symbol.dispose]() // must not take the canvas from its successor
    using again = await next.take(sampleFrame(320, 240))
    await next.draw(again, [sampleLayer(320, 240)], PLAIN)
    const oracle = await picture('cpu', sampleFrame(320, 240), [sampleLayer(320, 240)])
    expect(differenceOf(shown(canvas), oracle).mean).toBeLessThan(0.3)
  })

  it('rejects a crop that is under way', async () => {
    const lost = (await openGpu((message) => errors.push(message)))!
    const compositor = new WebGpuCompositor(new OffscreenCanvas(1, 1), lost, EDGES, { intake: 'import' })
    const plate = await compositor.take(sampleFrame(320, 240))
    const cropping = plate.crop(turned(1, 0, 160, 120, 192), 192)
    lost.lose()
    await expect(cropping).rejects.toMatchObject({ name: 'DeviceLostError' })
    await expect(plate.crop(turned(1, 0, 160, 120, 192), 192)).rejects.toMatchObject({
      name: 'DeviceLostError',
    })
    plate[Symbol.dispose]()
    compositor[Symbol.dispose]()
  })

  it('tells each GPU error once', async () => {
    const told: string[] = []
    using erring = (await openGpu((message) => told.push(message)))!
    for (let i = 0; i < 3; i++) erring.device.createBuffer({ size: 4, usage: 0 })
    await erring.device.queue.onSubmittedWorkDone()
    expect(told).toHaveLength(1)
  })
})

function disposable(image: ImageBitmap): ImageBitmap & Disposable {
  return Object.assign(image, { [Symbol.dispose]: () => image.close() })
}
