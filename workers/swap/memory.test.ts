import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { type CanonicalFace, parseCanonicalFace } from '../../models/canonical-face'
import { createPixels, type Pixels } from '../../models/pixels'
import { cropPixels } from '../compositor/cpu/crop'
import { type Layer, VERTEX_FLOATS } from '../compositor/layer'
import { AMARA, type HeadCharacter, THEO, VERA } from '../demo-head/character'
import { headPose } from '../demo-head/motion'
import { createHeadRenderer, livePicture } from '../demo-head/render-head'
import type { Face } from '../faces/face'
import { DEFAULT_LOOK } from '../studio/look'
import { MeshSwap } from './mesh-swap'

vi.setConfig({ testTimeout: 60_000 })

const FRAMES = 12
const STOP = 6 // frames before it is saved
let canonical: CanonicalFace
let frames: readonly (readonly Face[])[] // two people, the second one missing now and then
let sources: readonly { picture: Pixels; landmarks: Float32Array }[]

function filmed(character: HeadCharacter, id: number): Face[] {
  const head = createHeadRenderer(canonical, character, livePicture(320, 240))
  return Array.from({ length: FRAMES }, (_, i) => {
    const { pixels, landmarks } = head.render(headPose(400 + i * 40 + id * 900))
    const frameToCrop = [1, 0, 0, 1, -65, -25] as const
    const crop = { pixels: createPixels(192, 192), frameToCrop }
    cropPixels(pixels, frameToCrop, crop.pixels)
    const missingMs = id === 2 && (i % 5 === 2 || i === STOP) ? 40 : 0
    return { id, landmarks: landmarks.slice(), score: 1, crop, missingMs }
  })
}

beforeAll(() => {
  canonical = parseCanonicalFace(readFileSync('public/models/canonical-face.bin'))
  const [one, two] = [filmed(THEO, 1), filmed(VERA, 2)]
  frames = one.map((face, i) => [face, two[i]!])
  sources = [AMARA, VERA].map((character) => {
    const { pixels, landmarks } = createHeadRenderer(canonical, character, livePicture(320, 240)).render(
      headPose(0),
    )
    return { picture: { ...pixels, data: pixels.data.slice() }, landmarks: landmarks.slice() }
  })
}, 60_000)

/** An engine and its sources, made anew as after a restart. */
function start() {
  const engine = new MeshSwap(canonical)
  const prepared = sources.map(({ picture, landmarks }) => engine.prepare(picture, landmarks))
  const draw = (i: number): Layer[] =>
    frames[i]!.map((face) =>
      // The second person changes to another source on the way.
      structuredClone(engine.layer(face, prepared[face.id === 2 && i > 2 ? 1 : 0]!, DEFAULT_LOOK, i * 40)),
    )
  return { engine, draw }
}

/** Mean distance of the vertices of two layers, px. */
function apart(a: Layer, b: Layer): number {
  let sum = 0
  for (let i = 0; i < a.vertices.length; i += VERTEX_FLOATS)
    sum += Math.hypot(a.vertices[i]! - b.vertices[i]!, a.vertices[i + 1]! - b.vertices[i + 1]!)
  return (sum * VERTEX_FLOATS) / a.vertices.length
}

describe('what MeshSwap remembers', () => {
  it('is there for the first frame already when it is known what comes', () => {
    const [surprised, expecting, later] = [start(), start(), start()]
    const coming = frames.map(([face], i) => ({ face: face!, timeMs: i * 40 }))
    expecting.engine.expect(structuredClone(coming))
    frames.forEach((_, i) => {
      later.draw(i)
    })
    const settled = later.draw(0)[0]!
    expect(apart(expecting.draw(0)[0]!, settled)).toBeLessThan(0.4 * apart(surprised.draw(0)[0]!, settled))
  })

  it('lets another engine go on with the same layers, to the bit', () => {
    const whole = start()
    const wanted = frames.map((_, i) => whole.draw(i))

    const before = start()
    for (let i = 0; i < STOP; i++) before.draw(i)
    const memory = structuredClone(before.engine.save())
    before.draw(STOP) // what is saved is a copy
    const after = start()
    after.engine.restore(memory)
    for (let i = STOP; i < FRAMES; i++) expect(after.draw(i)).toEqual(wanted[i])
  })

  it('matters: without it the layers differ', () => {
    const whole = start()
    const wanted = frames.map((_, i) => whole.draw(i))
    expect(start().draw(STOP)[0]!.vertices).not.toEqual(wanted[STOP]![0]!.vertices)
  })

  it('is not taken from anything else', () => {
    const { engine } = start()
    const refused = expect.objectContaining({ name: 'MemoryOutdatedError' })
    expect(() => engine.restore({ kind: 'mesh-swap 0', targets: [] })).toThrow(refused)
    expect(() => engine.restore(undefined)).toThrow(refused)
  })
})
