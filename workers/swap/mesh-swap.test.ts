import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseCanonicalFace } from '../../models/canonical-face'
import { createPixels, type Pixels } from '../../models/pixels'
import { cropPixels } from '../compositor/cpu/crop'
import { copyPlate, rasterise } from '../compositor/cpu/rasterise'
import { type Layer, VERTEX_FLOATS } from '../compositor/layer'
import { AMARA, THEO } from '../demo-head/character'
import { AT_REST, type HeadPose } from '../demo-head/motion'
import { createHeadRenderer, livePicture } from '../demo-head/render-head'
import type { Face } from '../faces/face'
import { DEFAULT_LOOK, type Look } from '../studio/look'
import { MeshSwap } from './mesh-swap'
import { SourceTexture } from './source-texture'

const canonical = parseCanonicalFace(readFileSync('public/models/canonical-face.bin'))

interface Seen {
  readonly picture: Pixels
  readonly face: Face
}

/** A character of the demo head with its true landmarks, as a tracker would report it. */
function seen(character: typeof THEO, pose: HeadPose, id = 1): Seen {
  const { pixels, landmarks } = createHeadRenderer(canonical, character, livePicture(320, 240)).render(pose)
  const picture = { ...pixels, data: pixels.data.slice() }
  const scale = 192 / 190
  const frameToCrop = [scale, 0, 0, scale, -65 * scale, -25 * scale] as const
  const crop = createPixels(192, 192)
  cropPixels(picture, frameToCrop, crop)
  return {
    picture,
    face: { id, landmarks: landmarks.slice(), score: 1, crop: { pixels: crop, frameToCrop }, missingMs: 0 },
  }
}

function draw(picture: Pixels, layer: Layer): Pixels {
  const out = createPixels(picture.width, picture.height)
  const [from, to] = [
    { pixels: picture, x: 0, y: 0 },
    { pixels: out, x: 0, y: 0 },
  ]
  copyPlate(from, to)
  rasterise(from, layer, to)
  return out
}

/** Mean absolute difference over a box, 0..255. */
function difference(
  a: Pixels,
  b: Pixels,
  [left, top, right, bottom]: readonly [number, number, number, number],
): number {
  let [sum, count] = [0, 0]
  for (let y = Math.floor(top); y < bottom; y++) {
    for (let x = Math.floor(left); x < right; x++) {
      for (let c = 0; c < 3; c++)
        sum += Math.abs(a.data[4 * (y * a.width + x) + c]! - b.data[4 * (y * a.width + x) + c]!)
      count += 3
    }
  }
  return sum / count
}

describe('MeshSwap', () => {
  const plain: Look = { ...DEFAULT_LOOK, sharpness: 0 }
  let theo: Seen
  let amara: Seen
  beforeAll(() => {
    theo = seen(THEO, AT_REST)
    amara = seen(AMARA, AT_REST)
  })
  const swap = (target: Seen, source: Seen, look = plain) => {
    const engine = new MeshSwap(canonical)
    const prepared = engine.prepare(source.picture, source.face.landmarks)
    return draw(target.picture, engine.layer(target.face, prepared, look, 0))
  }
  const cheek = (face: Face) => {
    const [x, y] = [face.landmarks[3 * 205]!, face.landmarks[3 * 205 + 1]!]
    return [x - 6, y - 6, x + 6, y + 6] as const
  }
  const box = ({ landmarks }: Face, points: readonly number[], grow: number) => {
    const xs = points.map((i) => landmarks[3 * i]!)
    const ys = points.map((i) => landmarks[3 * i + 1]!)
    return [
      Math.min(...xs) - grow,
      Math.min(...ys) - grow,
      Math.max(...xs) + grow,
      Math.max(...ys) + grow,
    ] as const
  }

  it('changes little when a face is swapped with itself', () => {
    expect(difference(swap(theo, theo), theo.picture, box(theo.face, [10, 152, 234, 454], 0))).toBeLessThan(2)
  })

  it('changes a face, and nothing outside it', () => {
    const result = swap(theo, amara)
    expect(difference(result, theo.picture, box(theo.face, [70, 300, 2], 0))).toBeGreaterThan(6)
    expect(difference(result, theo.picture, [0, 0, 40, 240])).toBe(0)
    expect(difference(result, theo.picture, [280, 0, 320, 240])).toBe(0)
  })

  it('shows the own eye and the own mouth in their openings, exactly so without shape', () => {
    const look = { ...plain, shape: 0 }
    const result = swap(theo, amara, look)
    const iris = [
      (theo.face.landmarks[3 * 159]! + theo.face.landmarks[3 * 145]!) / 2,
      (theo.face.landmarks[3 * 159 + 1]! + theo.face.landmarks[3 * 145 + 1]!) / 2,
    ] as const
    const spot = [iris[0] - 1, iris[1] - 0.6, iris[0] + 1, iris[1] + 0.6] as const
    expect(difference(result, theo.picture, spot)).toBeLessThan(1.5)
    expect(difference(swap(theo, amara, { ...look, ownEyes: false }), theo.picture, spot)).toBeGreaterThan(3)
  })

  it('leaves the plate alone at opacity 0', () => {
    expect(difference(swap(theo, amara, { ...plain, opacity: 0 }), theo.picture, [0, 0, 320, 240])).toBe(0)
  })

  it('moves the complexion to the target unless told otherwise', () => {
    const matched = difference(swap(theo, amara), theo.picture, cheek(theo.face))
    const own = difference(swap(theo, amara, { ...plain, colourMatch: 0 }), theo.picture, cheek(theo.face))
    expect(matched).toBeLessThan(own)
  })

  it('is steady when nothing moves, and the same object for the same texture', () => {
    const engine = new MeshSwap(canonical)
    const prepared = engine.prepare(amara.picture, amara.face.landmarks)
    let layer = engine.layer(theo.face, prepared, plain, 0)
    for (let ms = 33; ms < 3000; ms += 33) layer = engine.layer(theo.face, prepared, plain, ms)
    const { texture } = layer
    const before = layer.vertices.slice()
    const after = engine.layer(theo.face, prepared, plain, 3033)
    expect(after.texture).toBe(texture)
    let worst = 0
    for (let i = 0; i < before.length; i += VERTEX_FLOATS) {
      worst = Math.max(
        worst,
        Math.hypot(after.vertices[i]! - before[i]!, after.vertices[i + 1]! - before[i + 1]!),
      )
    }
    expect(worst).toBeLessThan(0.02)
  })

  it('leaves out what is turned away', () => {
    const engine = new MeshSwap(canonical)
    const prepared = engine.prepare(amara.picture, amara.face.landmarks)
    const frontal = engine.layer(theo.face, prepared, plain, 0).triangles.length
    const turned = seen(THEO, { ...AT_REST, yaw: 0.9 }, 2)
    const profile = engine.layer(turned.face, prepared, plain, 0)
    expect(profile.triangles.length).toBeLessThan(0.85 * frontal)
    expect(Math.max(...profile.triangles)).toBeLessThan(profile.vertices.length / VERTEX_FLOATS)
  })
})

describe('SourceTexture', () => {
  it('offers sizes near the size shown, and does not flutter between two', () => {
    const { picture, face } = seen(THEO, AT_REST)
    const texture = new SourceTexture(picture, face.landmarks)
    for (const scale of [0.5, 1, 2, 3]) {
      const side = texture.at(texture.levelFor(scale, undefined), 0).width
      expect(side / (texture.side * scale)).toBeGreaterThan(0.8)
      expect(side / (texture.side * scale)).toBeLessThan(1.5)
    }
    const level = texture.levelFor(1, undefined)
    expect(texture.levelFor(1.1, level)).toBe(level)
    expect(texture.levelFor(0.92, level)).toBe(level)
    expect(texture.at(level, 0.3)).toBe(texture.at(level, 0.3))
  })
})
