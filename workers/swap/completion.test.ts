import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { parseCanonicalFace } from '../../models/canonical-face'
import type { Pixels } from '../../models/pixels'
import { openNodeFaces } from '../../tests/media/node-faces'
import { VERA } from '../demo-head/character'
import { renderPortrait } from '../demo-head/portrait'
import { facesInStill, plateOfPixels } from '../faces/still'
import { completed, mirrorPoints, standIn } from './completion'
import { resample } from './resample'
import { SkinColours } from './skin-colours'
import { faceSquare } from './source-texture'
import { fillFacing } from './surface'
import { createTopology, POINTS } from './topology'

const file = resolve(import.meta.dirname, '../../public/models/canonical-face.bin')
const canonical = parseCanonicalFace(new Uint8Array(readFileSync(file)))
const topology = createTopology(canonical)
const mirror = mirrorPoints(topology)

async function complete(picture: Pixels, landmarks: Float32Array): Promise<Pixels> {
  const facing = new Float32Array(POINTS)
  fillFacing(landmarks, topology.triangles, facing)
  const { x, y, side } = faceSquare(landmarks)
  const scale = 192 / side
  const skin = new SkinColours()
  const crop = resample(picture, x, y, side, 192)
  skin.see(crop, [scale, 0, 0, scale, -x * scale, -y * scale], landmarks, facing, 0, topology)
  return completed(picture, landmarks, standIn({ skin, facing }, mirror, topology), mirror, topology)
}

it('pairs left and right', () => {
  expect(mirror[33]).toBe(263)
  expect(mirror[61]).toBe(291)
  expect(mirror[1]).toBe(1)
  expect(Array.from(mirror, (j, i) => mirror[j] === i).every(Boolean)).toBe(true)
})

it('leaves an evenly lit face alone, and lightens a side that lies in deep shade', async () => {
  const picture = renderPortrait(canonical, VERA, 480)
  const [face] = await facesInStill(plateOfPixels(picture), await openNodeFaces())
  const landmarks = face!.landmarks
  const even = await complete(picture, landmarks)
  const meanOf = ({ data, width }: Pixels, point: number) => {
    const at = 4 * (Math.round(landmarks[3 * point + 1]!) * width + Math.round(landmarks[3 * point]!))
    return (data[at]! + data[at + 1]! + data[at + 2]!) / 3
  }
  const [litCheek, darkCheek] = [280, 50] // the person's left and right
  expect(Math.abs(meanOf(even, litCheek) - meanOf(picture, litCheek))).toBeLessThan(8)

  const shaded = { ...picture, data: picture.data.slice() }
  const middle = landmarks[3]! // point 1, the nose
  for (let y = 0; y < shaded.height; y++) {
    for (let x = 0; x < middle; x++) {
      for (let c = 0; c < 3; c++) {
        const at = 4 * (y * shaded.width + x) + c
        shaded.data[at] = shaded.data[at]! * 0.2
      }
    }
  }
  const mended = await complete(shaded, landmarks)
  expect(meanOf(mended, darkCheek)).toBeGreaterThan(meanOf(shaded, darkCheek) * 1.8)
  expect(meanOf(mended, litCheek)).toBe(meanOf(shaded, litCheek))
})
