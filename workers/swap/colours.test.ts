import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseCanonicalFace } from '../../models/canonical-face'
import { FACE_OVAL } from '../../models/face-regions'
import { createPixels, type Pixels } from '../../models/pixels'
import { fillGains, meetingOf } from './gains'
import { labToRgb, rgbToLab } from './lab'
import { fillMatte, lipsOwnnessOf, NONE, ownnessOf } from './matte'
import { SkinColours } from './skin-colours'
import { fillFacing } from './surface'
import { createTopology, POINTS } from './topology'

const topology = createTopology(parseCanonicalFace(readFileSync('public/models/canonical-face.bin')))
/** The average head as seen in a 192 px crop. */
const landmarks = topology.head.map((value, k) => 7 * value + (k % 3 === 2 ? 0 : 96))
const facing = new Float32Array(POINTS)
fillFacing(landmarks, topology.triangles, facing)

type Paint = (x: number, y: number) => readonly [number, number, number]
function crop(paint: Paint): Pixels {
  const pixels = createPixels(192, 192)
  for (let y = 0; y < 192; y++)
    for (let x = 0; x < 192; x++) pixels.data.set([...paint(x, y), 255], 4 * (y * 192 + x))
  return pixels
}
function coloursOf(paint: Paint): SkinColours {
  const colours = new SkinColours()
  colours.see(crop(paint), [1, 0, 0, 1, 0, 0], landmarks, facing, 0, topology)
  return colours
}

describe('lab', () => {
  it('knows the white, and comes back from every colour', () => {
    const lab = [0, 0, 0]
    rgbToLab([255, 255, 255], 0, lab, 0)
    expect(Math.hypot(lab[0]! - 100, lab[1]!, lab[2]!)).toBeLessThan(0.1)
    for (const rgb of [
      [200, 150, 120],
      [20, 30, 40],
      [3, 250, 128],
    ]) {
      const back = [0, 0, 0]
      rgbToLab(rgb, 0, lab, 0)
      labToRgb(lab, 0, back, 0)
      for (const c of [0, 1, 2]) expect(Math.abs(back[c]! - rgb[c]!)).toBeLessThan(0.6)
    }
  })
})

describe('SkinColours', () => {
  it('follows light from one side, and is not fooled by hair over the forehead', () => {
    const light = (x: number) => 1 + (x - 96) / 400
    const skin: Paint = (x) => [190 * light(x), 140 * light(x), 115 * light(x)]
    const bare = coloursOf(skin)
    const fringed = coloursOf((x, y) => (y < 50 ? [30, 22, 18] : skin(x, y)))
    const red = (colours: SkinColours, i: number) => colours.colours[3 * i]!
    expect(red(bare, 425) - red(bare, 205)).toBeGreaterThan(15) // the cheeks
    expect(red(fringed, 151)).toBeGreaterThan((red(bare, 151) + 30) / 2) // under the hair: rather skin than hair
    expect(fringed.foreign[10]!).toBeGreaterThan(0.8)
    expect(Math.max(...bare.foreign)).toBeLessThan(0.05)
    expect(Math.max(...[1, 205, 425, 5].map((i) => fringed.foreign[i]!))).toBeLessThan(0.05)
  })

  it('takes a change of light in over time, not at once', () => {
    const colours = coloursOf(() => [100, 80, 70])
    colours.see(
      crop(() => [200, 160, 140]),
      [1, 0, 0, 1, 0, 0],
      landmarks,
      facing,
      33,
      topology,
    )
    const soon = colours.colours[0]!
    for (let ms = 66; ms < 3000; ms += 33) {
      colours.see(
        crop(() => [200, 160, 140]),
        [1, 0, 0, 1, 0, 0],
        landmarks,
        facing,
        ms,
        topology,
      )
    }
    expect(soon).toBeLessThan(130)
    expect(colours.colours[0]!).toBeGreaterThan(195)
  })
})

describe('fillGains', () => {
  const meeting = meetingOf(topology, lipsOwnnessOf(topology, 'source'))
  const gains = new Float32Array(3 * POINTS)
  const source = coloursOf(() => [180, 140, 120])

  it('maps a complexion onto another', () => {
    fillGains(
      source,
      coloursOf(() => [140, 105, 85]),
      meeting,
      0.5,
      gains,
    )
    const [r, g, b] = [gains[3]! * 180, gains[4]! * 140, gains[5]! * 120] // point 1, the nose
    expect(Math.hypot(r - 140, g - 105, b - 85)).toBeLessThan(4)
  })

  it('leaves colours alone at 0, but for where the skins meet', () => {
    fillGains(
      source,
      coloursOf(() => [120, 100, 90]),
      meeting,
      0,
      gains,
    )
    expect([...gains.slice(3, 6)].every((gain) => Math.abs(gain - 1) < 0.02)).toBe(true)
    for (const i of FACE_OVAL) expect(gains[3 * i]! * 180).toBeCloseTo(120, -0.5)
  })

  it('takes the light of the place on when asked for all of it', () => {
    const lit = coloursOf((x) => (x < 96 ? [90, 70, 60] : [200, 160, 140]))
    fillGains(source, lit, meeting, 1, gains)
    expect(gains[3 * 205]! * 180).toBeLessThan(125) // the cheek at the left
    expect(gains[3 * 425]! * 180).toBeGreaterThan(165)
  })
})

describe('fillMatte', () => {
  const side = { skin: coloursOf(() => [180, 140, 120]), facing }
  const matteAt = (softness: number) => {
    const matte = new Float32Array(POINTS)
    fillMatte(topology, side, side, softness, matte)
    return matte
  }

  it('is nothing on the outline, whole in the middle, and softer with softness', () => {
    const mattes = [0, 0.3, 0.6, 1].map(matteAt)
    for (const matte of mattes) {
      for (const i of FACE_OVAL) expect(matte[i]!).toBeLessThanOrEqual(0)
      expect(matte[5]!).toBe(1)
    }
    for (let k = 1; k < mattes.length; k++) {
      for (let i = 0; i < POINTS; i++) {
        if (mattes[k]![i]! > 0) expect(mattes[k]![i]!).toBeLessThanOrEqual(mattes[k - 1]![i]!)
      }
    }
  })

  it('fades where the face turns away', () => {
    const turned = { ...side, facing: facing.map(() => 0.05) }
    const matte = new Float32Array(POINTS)
    fillMatte(topology, side, turned, 0.3, matte)
    expect(Math.max(...matte)).toBeLessThanOrEqual(0)
  })
})

describe('ownnessOf', () => {
  it('gives lips and eyes to whom they were promised', () => {
    const [lip, cheek, chin] = [17, 205, 199]
    expect(ownnessOf(topology, true, 'source')[lip]!).toBeLessThan(0)
    expect(ownnessOf(topology, true, 'own')[lip]!).toBeGreaterThanOrEqual(1)
    expect(ownnessOf(topology, true, 'own')[cheek]!).toBeLessThan(0.1)
    expect(ownnessOf(topology, true, 'agape')[chin]!).toBeGreaterThan(0.5)
    expect(ownnessOf(topology, false, 'source')[159]!).toBe(NONE)
  })
})
