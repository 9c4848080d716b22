import { expect, test } from 'vitest'
import { parseCanonicalFace } from '../../models/canonical-face'
import type { Pixels } from '../../models/pixels'
import { CANONICAL_FACE } from '../../models/registry'
import { readPublic } from '../../tests/media/node-faces'
import { paintBackdrop } from './backdrop'
import { AMARA, ANTON, type HeadCharacter, THEO, VERA } from './character'
import { LEFT_EYE, OVAL, RIGHT_EYE } from './face-rings'
import { AT_REST, headPose } from './motion'
import { createHeadRenderer, livePicture, type RenderedHead } from './render-head'

const canonical = parseCanonicalFace(new Uint8Array(await readPublic(CANONICAL_FACE.path)))
const render = (character: HeadCharacter) => createHeadRenderer(canonical, character, livePicture(640, 480))
const theo = render(THEO)

const point = ({ landmarks }: RenderedHead, i: number): [number, number] => [
  landmarks[3 * i]!,
  landmarks[3 * i + 1]!,
]
const middle = (head: RenderedHead, points: readonly number[]): [number, number] => {
  const all = points.map((i) => point(head, i))
  return [0, 1].map((axis) => all.reduce((sum, p) => sum + p[axis]!, 0) / all.length) as [number, number]
}
/** Mean colour of the 3 × 3 pixels around a point. */
function colourAt({ data, width }: Pixels, [x, y]: readonly [number, number]): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0]
  for (let k = 0; k < 9; k++) {
    const at = 4 * ((Math.floor(y) + Math.floor(k / 3) - 1) * width + Math.floor(x) + (k % 3) - 1)
    for (let c = 0; c < 3; c++) sum[c]! += data[at + c]! / 9
  }
  return sum
}
const lightness = (colour: readonly number[]): number => (colour[0]! + colour[1]! + colour[2]!) / 3

test('the same pose gives the same picture and landmarks', () => {
  const first = theo.render(headPose(1234))
  const [pixels, landmarks] = [first.pixels.data.slice(), first.landmarks.slice()]
  theo.render(headPose(7777))
  const again = render(THEO).render(headPose(1234))
  const differing = pixels.findIndex((value, i) => value !== again.pixels.data[i])
  expect(differing).toBe(-1) // a matcher over a million numbers takes seconds
  expect(again.landmarks).toEqual(landmarks)
})

test.each([THEO, VERA, AMARA, ANTON])('$name: landmarks lie on what is drawn there', (character) => {
  const head = render(character).render(AT_REST)
  const skin = colourAt(head.pixels, middle(head, [50, 101, 118])) // right cheek
  for (const eye of [RIGHT_EYE, LEFT_EYE]) {
    const pupil = colourAt(head.pixels, middle(head, [...eye.upper.slice(1, 8), ...eye.lower.slice(1, 8)]))
    expect(lightness(pupil)).toBeLessThan(95)
    expect(lightness(pupil)).toBeLessThan(lightness(skin) - 20)
  }
  const redness = (colour: readonly number[]): number => colour[0]! / (colour[1]! + 1)
  const lip = colourAt(head.pixels, middle(head, [14, 15, 16, 17]))
  expect(redness(lip)).toBeGreaterThan(redness(colourAt(head.pixels, middle(head, [199, 200, 175]))) * 1.05)
  const nostril = colourAt(head.pixels, middle(head, [60, 75, 99, 20]))
  expect(lightness(nostril)).toBeLessThan(lightness(skin) * 0.62)
  const brow = colourAt(head.pixels, middle(head, [105, 52, 66, 65]))
  expect(lightness(brow)).toBeLessThan(lightness(colourAt(head.pixels, middle(head, [69, 104]))) * 0.85)
})

test('lids close over the eyes, and the mouth opens onto its inside', () => {
  const pose = AT_REST
  const open = theo.render(pose)
  const eye = middle(open, [159, 145])
  const openEye = lightness(colourAt(open.pixels, eye))
  const gap = (head: RenderedHead, a: number, b: number): number => point(head, b)[1] - point(head, a)[1]
  const lids = gap(open, 159, 145)
  expect(gap(open, 13, 14)).toBeLessThan(1)
  const shut = theo.render({ ...pose, expression: { ...pose.expression, blinkRight: 1, blinkLeft: 1 } })
  expect(gap(shut, 159, 145)).toBeLessThan(0.15 * lids)
  expect(lightness(colourAt(shut.pixels, middle(shut, [27, 159])))).toBeGreaterThan(openEye + 20)
  const talking = theo.render({ ...pose, expression: { ...pose.expression, jaw: 1.2 } })
  expect(gap(talking, 13, 14)).toBeGreaterThan(8)
  const [x, y] = middle(talking, [13, 14])
  expect(lightness(colourAt(talking.pixels, [x, y + 2]))).toBeLessThan(75)
})

test('a face has no holes: the wall shows nowhere inside its outline', () => {
  const wall = new Uint8ClampedArray(paintBackdrop(640, 480).buffer)
  for (let time = 0; time < 10_000; time += 700) {
    const head = theo.render(headPose(time))
    const outline = OVAL.map((i) => point(head, i))
    let holes = 0
    for (let y = 0; y < 480; y++) {
      for (let x = 0; x < 640; x++) {
        const at = 4 * (y * 640 + x)
        const same = [0, 1, 2].every((k) => head.pixels.data[at + k] === wall[at + k])
        if (same && inside(outline, x + 0.5, y + 0.5)) holes++
      }
    }
    expect(holes).toBe(0)
  }
})

function inside(outline: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let within = false
  outline.forEach(([ax, ay], i) => {
    const [bx, by] = outline[(i + 1) % outline.length]!
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) within = !within
  })
  return within
}
