import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Pixels } from '../../models/pixels'
import type { Layer, Overlay } from './layer'
import { sampleFrame, sampleLayer } from './sample-picture'
import {
  cropAround,
  differenceOf,
  frameOf,
  KINDS,
  landmarksOf,
  makeCompositor,
  PLAIN,
  picture,
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

const layer = sampleLayer(640, 480)
const meshes = [landmarksOf(layer)]
const pictures: readonly (readonly [string, readonly Layer[], Overlay])[] = [
  ['a plate alone', [], PLAIN],
  ['a face', [layer], PLAIN],
  ['a faint face, mirrored', [{ ...layer, opacity: 0.6 }], { ...PLAIN, mirror: true }],
  ['two faces', [layer, { ...layer, opacity: 0.5 }], PLAIN],
  ['a split', [layer], { ...PLAIN, split: 0.4, mirror: true }],
  ['mesh lines over a face', [layer], { ...PLAIN, meshes }],
  ['mesh lines, mirrored', [], { ...PLAIN, meshes, mirror: true }],
  ['a veil', [], { ...PLAIN, veil: true, mirror: true, split: 0.5 }],
]

// Software rendering gave mean 0.008, p99 0, max 6 of 255; a GPU filters with fewer bits.
describe('both compositors draw the same', () => {
  it.each(pictures)('%s', async (_, layers, overlay) => {
    const oracle = await picture('cpu', gpu, sampleFrame(640, 480), layers, overlay)
    const drawn = await picture('webgpu, uploading', gpu, sampleFrame(640, 480), layers, overlay)
    const { mean, p99 } = differenceOf(oracle, drawn)
    expect(mean).toBeLessThan(0.25)
    expect(p99).toBeLessThanOrEqual(2)
  })

  it.each(pictures)('%s, from an imported frame', async (_, layers, overlay) => {
    const plate = await picture('cpu', gpu, sampleFrame(640, 480), [])
    const oracle = await picture('cpu', gpu, frameOf(plate), layers, overlay)
    const drawn = await picture('webgpu, importing', gpu, frameOf(plate), layers, overlay)
    const { mean, p99 } = differenceOf(oracle, drawn)
    expect(mean).toBeLessThan(0.25)
    expect(p99).toBeLessThanOrEqual(2)
  })

  it('an imported frame whose colours the browser converts', async () => {
    const oracle = await picture('cpu', gpu, sampleFrame(640, 480), [layer])
    const drawn = await picture('webgpu, importing', gpu, sampleFrame(640, 480), [layer])
    // On import, chroma is interpolated and primaries are mapped; `copyTo` does neither.
    const { mean, p99 } = differenceOf(oracle, drawn)
    expect(mean).toBeLessThan(2)
    expect(p99).toBeLessThanOrEqual(5)
  })
})

describe('all cut the same crops', () => {
  it.each([
    ['level', cropAround(320, 240, 0.7, 0, 192), 192],
    ['turned and enlarged', cropAround(300, 200, 1.6, 0.4, 192), 192],
    ['far away, several taps for a pixel', cropAround(320, 240, 0.2, -0.3, 100), 100],
    ['half outside the frame', cropAround(20, 470, 0.5, 1, 192), 192],
  ] as const)('%s', async (_, frameToCrop, size) => {
    const plate = await picture('cpu', gpu, sampleFrame(640, 480), [])
    const crops: Pixels[] = []
    for (const kind of KINDS) {
      using compositor = makeCompositor(kind, new OffscreenCanvas(1, 1), gpu)
      using taken = await compositor.take(frameOf(plate))
      crops.push(await taken.crop(frameToCrop, size))
    }
    const [oracle, ...others] = crops
    expect([oracle!.width, oracle!.height]).toEqual([size, size])
    for (const other of others) {
      const { mean, p99 } = differenceOf(oracle!, other)
      expect(mean).toBeLessThan(0.3)
      expect(p99).toBeLessThanOrEqual(2)
    }
  })
})
