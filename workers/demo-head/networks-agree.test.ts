import { expect, test } from 'vitest'
import { parseCanonicalFace } from '../../models/canonical-face'
import { CANONICAL_FACE } from '../../models/registry'
import { openNodeFaces, readPublic } from '../../tests/media/node-faces'
import { plateOfPixels } from '../faces/still'
import { SOURCE_CHARACTERS, THEO } from './character'
import { headPose, LOOP_MS } from './motion'
import { renderPortrait } from './portrait'
import { createHeadRenderer, livePicture } from './render-head'

const canonical = parseCanonicalFace(new Uint8Array(await readPublic(CANONICAL_FACE.path)))
const networks = await openNodeFaces()
const WHOLE = (width: number, height: number) => {
  const scale = 128 / Math.max(width, height)
  return [[scale, 0, 0, scale, (128 - width * scale) / 2, (128 - height * scale) / 2]] as const
}

/** Mean distance of points over the distance of the outer eye corners. */
function distance(a: Float32Array, b: Float32Array): number {
  const eyes = Math.hypot(b[3 * 263]! - b[3 * 33]!, b[3 * 263 + 1]! - b[3 * 33 + 1]!)
  let sum = 0
  for (let i = 0; i < b.length; i += 3) sum += Math.hypot(a[i]! - b[i]!, a[i + 1]! - b[i + 1]!)
  return sum / (b.length / 3) / eyes
}

test('the networks see the demo head where it really is, in every frame', { timeout: 60_000 }, async () => {
  const head = createHeadRenderer(canonical, THEO, livePicture(640, 480))
  const errors: number[] = []
  let before: Float32Array | undefined
  for (let time = 0; time < LOOP_MS; time += 200) {
    const { pixels, landmarks } = head.render(headPose(time))
    const plate = plateOfPixels(pixels)
    const [detection] = await networks.detect(plate, WHOLE(640, 480))
    expect(detection?.score ?? 0).toBeGreaterThan(0.6)
    const face = before
      ? await networks.readAgain(plate, before)
      : await networks.readDetection(plate, detection!)
    before = face?.landmarks
    errors.push(face ? distance(face.landmarks, landmarks) : Number.POSITIVE_INFINITY)
  }
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
  expect(mean).toBeLessThan(0.025)
  expect(Math.max(...errors)).toBeLessThan(0.035)
})

test('the characters are different people', { timeout: 60_000 }, async () => {
  const people: { name: string; colour: number[]; shape: Float32Array }[] = []
  for (const character of [THEO, ...SOURCE_CHARACTERS]) {
    const pixels = renderPortrait(canonical, character, 320)
    const plate = plateOfPixels(pixels)
    const [detection] = await networks.detect(plate, WHOLE(320, 320))
    const face = detection && (await networks.readDetection(plate, detection))
    expect(face, character.name).toBeDefined()
    const { landmarks } = face!
    const colour = [0, 0, 0]
    const cheeks = [50, 280, 101, 330, 117, 346, 36, 266]
    for (const i of cheeks) {
      const at = 4 * (Math.round(landmarks[3 * i + 1]!) * 320 + Math.round(landmarks[3 * i]!))
      for (let k = 0; k < 3; k++) colour[k]! += pixels.data[at + k]! / cheeks.length
    }
    people.push({ name: character.name, colour, shape: landmarks })
  }
  people.forEach((a, i) => {
    for (const b of people.slice(i + 1)) {
      const tone = Math.hypot(...a.colour.map((value, k) => value - b.colour[k]!))
      const shape = distance(a.shape, b.shape)
      expect(tone / 100 + shape * 10, `${a.name} and ${b.name}`).toBeGreaterThan(0.35)
    }
  })
})
