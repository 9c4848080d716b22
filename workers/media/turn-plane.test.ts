import { expect, test } from 'vitest'
import { turnPlane } from './turn-plane'

/** As on paper:  1 2 3 / 4 5 6 */
const from = Uint8Array.of(1, 2, 3, 4, 5, 6)

test.for([
  [0, false, [1, 2, 3, 4, 5, 6]],
  [90, false, [4, 1, 5, 2, 6, 3]],
  [180, false, [6, 5, 4, 3, 2, 1]],
  [270, false, [3, 6, 2, 5, 1, 4]],
  [0, true, [3, 2, 1, 6, 5, 4]],
  [90, true, [1, 4, 2, 5, 3, 6]],
  [180, true, [4, 5, 6, 1, 2, 3]],
  [270, true, [6, 3, 5, 2, 4, 1]],
] as const)('turned by %i°, mirrored: %s', ([rotation, isFlipped, wanted]) => {
  const to = new Uint8Array(6)
  turnPlane(from, to, 3, 2, rotation, isFlipped)
  expect([...to]).toEqual(wanted)
})

test('four quarter turns of a picture larger than a tile are none', () => {
  const [width, height] = [75, 41]
  let plane = Uint16Array.from({ length: width * height }, (_, i) => i)
  const before = plane
  for (let turn = 0; turn < 4; turn++) {
    const turned = new Uint16Array(plane.length)
    const [w, h] = turn % 2 ? [height, width] : [width, height]
    turnPlane(plane, turned, w, h, 90, false)
    expect(turned).not.toEqual(plane)
    plane = turned
  }
  expect(plane).toEqual(before)
})
