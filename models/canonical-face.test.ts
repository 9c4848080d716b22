import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { encodeCanonicalFace, parseCanonicalFace } from './canonical-face'
import { CHIN, FOREHEAD, LEFT_EYE_OUTER_CORNER, NOSE_TIP, RIGHT_EYE_OUTER_CORNER } from './face-regions'
import { CANONICAL_FACE } from './registry'

const bytes = new Uint8Array(readFileSync(new URL(`../public/${CANONICAL_FACE.path}`, import.meta.url)))

test('a head of 468 points and 898 triangles, upright, facing the camera', () => {
  const { positions, uvs, triangles, anchors, anchorWeights } = parseCanonicalFace(bytes)
  expect([positions.length, uvs.length, triangles.length]).toEqual([3 * 468, 2 * 468, 3 * 898])
  expect(Math.max(...triangles)).toBe(467)
  expect([...anchors, ...triangles].every((point) => point < 468)).toBe(true)
  expect(anchors.length).toBe(anchorWeights.length)
  const [x, y, z] = [0, 1, 2].map((axis) => (point: number) => positions[3 * point + axis]!)
  expect(x!(LEFT_EYE_OUTER_CORNER)).toBeGreaterThan(4) // the person's left is at the image's right
  expect(x!(RIGHT_EYE_OUTER_CORNER)).toBeCloseTo(-x!(LEFT_EYE_OUTER_CORNER), 3)
  expect(y!(FOREHEAD)).toBeGreaterThan(y!(CHIN) + 15)
  expect(z!(NOSE_TIP)).toBe(Math.max(z!(NOSE_TIP), z!(CHIN), z!(FOREHEAD)))
  expect(uvs[2 * FOREHEAD + 1]).toBeLessThan(uvs[2 * CHIN + 1]!)
  expect([...uvs].every((value) => value >= 0 && value <= 1)).toBe(true)
})

test('written and read again it is the same, also from the middle of a larger buffer', () => {
  const face = parseCanonicalFace(bytes)
  const encoded = encodeCanonicalFace(face)
  expect(encoded).toEqual(bytes)
  const shifted = new Uint8Array(bytes.length + 3)
  shifted.set(bytes, 3)
  expect(parseCanonicalFace(shifted.subarray(3))).toEqual(face)
})

test('other bytes are refused', () => {
  for (const wrong of [new Uint8Array(), new Uint8Array(40), bytes.subarray(0, -1)]) {
    expect(() => parseCanonicalFace(wrong)).toThrow(expect.objectContaining({ name: 'ModelFormatError' }))
  }
})
