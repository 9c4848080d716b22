import { describe, expect, it } from 'vitest'
import { createPixels, type Pixels } from '../../../models/pixels'
import { type Layer, VERTEX_FLOATS } from '../layer'
import { copyPlate, layerBounds, rasterise } from './rasterise'

/** Small repeatable noise, so that a test that fails once fails always. */
function noise(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

function noisyPixels(width: number, height: number, seed: number): Pixels {
  const pixels = createPixels(width, height)
  const random = noise(seed)
  for (let i = 0; i < pixels.data.length; i++) pixels.data[i] = i % 4 === 3 ? 255 : random() * 256
  return pixels
}

interface Vertex {
  readonly at: readonly [number, number]
  readonly source?: readonly [number, number]
  readonly own?: readonly [number, number]
  readonly gain?: readonly [number, number, number]
  readonly matte?: number
  readonly ownness?: number
}

const layerOf = (points: readonly Vertex[], triangles: readonly number[], texture: Pixels): Layer => ({
  vertices: new Float32Array(
    points.flatMap(({ at, source = at, own = at, gain = [1, 1, 1], matte = 1, ownness = 0 }) => [
      ...at,
      ...source,
      ...own,
      ...gain,
      matte,
      ownness,
      0,
    ]),
  ),
  triangles: new Uint16Array(triangles),
  texture,
  opacity: 1,
})

const smooth = (x: number) => {
  const t = Math.min(1, Math.max(0, x))
  return t * t * (3 - 2 * t)
}

/** The formula of layer.ts, written down slowly. */
function expected(plate: Pixels, layer: Layer, x: number, y: number, channel: number): number {
  const sample = ({ data, width, height }: Pixels, u: number, v: number) => {
    const cu = Math.min(width - 1, Math.max(0, u - 0.5))
    const cv = Math.min(height - 1, Math.max(0, v - 0.5))
    const [iu, iv] = [Math.floor(cu), Math.floor(cv)]
    const texel = (i: number, j: number) =>
      data[(Math.min(height - 1, j) * width + Math.min(width - 1, i)) * 4 + channel]!
    const top = texel(iu, iv) * (1 - cu + iu) + texel(iu + 1, iv) * (cu - iu)
    const bottom = texel(iu, iv + 1) * (1 - cu + iu) + texel(iu + 1, iv + 1) * (cu - iu)
    return top * (1 - cv + iv) + bottom * (cv - iv)
  }
  const under = plate.data[(y * plate.width + x) * 4 + channel]!
  let result = under
  for (let t = 0; t < layer.triangles.length; t += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => layer.triangles[t + k]! * VERTEX_FLOATS) as [
      number,
      number,
      number,
    ]
    const value = (vertex: number, k: number) => layer.vertices[vertex + k]!
    const cross = (p: number, q: number) =>
      (value(q, 0) - value(p, 0)) * (y + 0.5 - value(p, 1)) -
      (value(q, 1) - value(p, 1)) * (x + 0.5 - value(p, 0))
    const weights = [cross(b, c), cross(c, a), cross(a, b)]
    const sum = weights[0]! + weights[1]! + weights[2]!
    if (weights.some((w) => w / sum < 0)) continue
    const at = (k: number) =>
      (weights[0]! * value(a, k) + weights[1]! * value(b, k) + weights[2]! * value(c, k)) / sum
    const skin = Math.min(255, Math.max(0, sample(layer.texture, at(2), at(3)) * at(6 + channel)))
    const face = skin + (sample(plate, at(4), at(5)) - skin) * smooth(at(10))
    result = under + (face - under) * smooth(at(9)) * layer.opacity
  }
  return result
}

const whole = (pixels: Pixels) => ({ pixels, x: 0, y: 0 })

describe('rasterise', () => {
  it('gives every pixel what the formula says', () => {
    const plate = noisyPixels(40, 30, 1)
    const texture = noisyPixels(23, 17, 2)
    const layer = {
      ...layerOf(
        [
          { at: [3.2, 2.7], source: [-4, 2], own: [4, 4], gain: [1.5, 0.7, 1], matte: -0.5, ownness: -1 },
          { at: [36.1, 6.3], source: [20, 1], own: [44, 5], gain: [0.6, 1.2, 2.4], matte: 1.5, ownness: 0.4 },
          { at: [17.4, 28.9], source: [9, 21], own: [15, 33], gain: [1, 1, 0.2], matte: 0.8, ownness: 2 },
          { at: [38.7, 27.1], source: [22, 15], own: [30, 20], gain: [1, 1, 1], matte: 0.3, ownness: 0 },
        ],
        [0, 1, 2, 1, 3, 2],
        texture,
      ),
      opacity: 0.9,
    }
    const out = createPixels(40, 30)
    copyPlate(whole(plate), whole(out))
    rasterise(whole(plate), layer, whole(out))
    let worst = 0
    for (let y = 0; y < 30; y++) {
      for (let x = 0; x < 40; x++) {
        for (let channel = 0; channel < 3; channel++) {
          const drawn = out.data[(y * 40 + x) * 4 + channel]!
          worst = Math.max(worst, Math.abs(drawn - expected(plate, layer, x, y, channel)))
        }
      }
    }
    expect(worst).toBeLessThanOrEqual(0.51) // rounding to bytes
  })

  it('covers a mesh without gaps and each pixel once', () => {
    // A jittered grid: 200 triangles that share edges. Alpha says what was drawn; disjoint halves say how often.
    const random = noise(3)
    const points: Vertex[] = []
    for (let j = 0; j <= 10; j++) {
      for (let i = 0; i <= 10; i++) {
        const inside = i > 0 && i < 10 && j > 0 && j < 10
        const shift = () => (inside ? (random() - 0.5) * 3 : 0)
        points.push({ at: [2 + i * 6 + shift(), 2 + j * 6 + shift()] })
      }
    }
    // Some corners exactly on pixel centres, where a careless rule draws twice or not at all.
    for (const k of [24, 36, 48, 60, 72]) {
      const [x, y] = points[k]!.at
      points[k] = { at: [Math.floor(x) + 0.5, Math.floor(y) + 0.5] }
    }
    const count = new Uint8Array(64 * 64)
    const texture = createPixels(1, 1)
    const plate = createPixels(64, 64)
    const draw = (triangle: number[]) => {
      const out = createPixels(64, 64)
      rasterise(whole(plate), layerOf(points, triangle, texture), whole(out))
      for (let i = 0; i < count.length; i++) count[i]! += out.data[4 * i + 3]! / 255
    }
    for (let j = 0; j < 10; j++) {
      for (let i = 0; i < 10; i++) {
        const p = j * 11 + i
        draw([p, p + 1, p + 11])
        draw([p + 1, p + 11, p + 12]) // the other way round: winding does not matter
      }
    }
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 64; x++) {
        const inside = x >= 2 && x < 62 && y >= 2 && y < 62
        expect(count[y * 64 + x], `pixel ${x}, ${y}`).toBe(inside ? 1 : 0)
      }
    }
  })

  it('draws the same into a small patch as into the whole frame, and only there', () => {
    const plate = noisyPixels(50, 40, 4)
    const layer = layerOf(
      [{ at: [5, 5] }, { at: [45, 8] }, { at: [20, 35], own: [22, 30], ownness: 1 }],
      [0, 1, 2],
      noisyPixels(50, 40, 5),
    )
    const full = createPixels(50, 40)
    copyPlate(whole(plate), whole(full))
    rasterise(whole(plate), layer, whole(full))
    const bounds = layerBounds(layer, 50, 40)
    expect(bounds).toEqual({ x: 4, y: 4, width: 42, height: 32 })
    // A plate of which only the needed part was read.
    const part = { pixels: createPixels(bounds.width, bounds.height), x: bounds.x, y: bounds.y }
    copyPlate(whole(plate), part)
    const patch = { pixels: createPixels(11, 9), x: 17, y: 12 }
    copyPlate(part, patch)
    rasterise(part, layer, patch)
    for (let y = 0; y < 9; y++) {
      const row = full.data.subarray(((12 + y) * 50 + 17) * 4, ((12 + y) * 50 + 28) * 4)
      expect(patch.pixels.data.subarray(y * 44, y * 44 + 44)).toEqual(row)
    }
  })

  it('never draws outside the frame', () => {
    const plate = noisyPixels(20, 20, 6)
    const layer = layerOf(
      [{ at: [-30, -5] }, { at: [50, 4] }, { at: [9, 60] }],
      [0, 1, 2],
      noisyPixels(8, 8, 7),
    )
    expect(layerBounds(layer, 20, 20)).toEqual({ x: 0, y: 0, width: 20, height: 20 })
    const out = createPixels(20, 20)
    rasterise(whole(plate), layer, whole(out))
    expect(layerBounds(layerOf([], [], plate), 20, 20).width).toBe(0)
    const away = layerOf([{ at: [30, 30] }, { at: [40, 30] }, { at: [30, 40] }], [0, 1, 2], plate)
    expect(layerBounds(away, 20, 20).width).toBe(0)
  })

  it('lets later triangles cover earlier ones without adding up', () => {
    const plate = noisyPixels(10, 10, 8)
    const texture = createPixels(2, 1)
    texture.data.set([200, 0, 0, 255, 0, 200, 0, 255])
    const corners: Vertex[] = [{ at: [0, 0] }, { at: [20, 0] }, { at: [0, 20] }]
    const red = corners.map((corner) => ({ ...corner, source: [0.5, 0.5] as const, matte: 0.5 }))
    const green = corners.map((corner) => ({ ...corner, source: [1.5, 0.5] as const, matte: 0.5 }))
    const layer = layerOf([...red, ...green], [0, 1, 2, 3, 4, 5], texture)
    const out = createPixels(10, 10)
    rasterise(whole(plate), layer, whole(out))
    expect(Math.abs(out.data[0]! - plate.data[0]! / 2)).toBeLessThanOrEqual(1)
    expect(Math.abs(out.data[1]! - (plate.data[1]! + 200) / 2)).toBeLessThanOrEqual(1)
  })
})
