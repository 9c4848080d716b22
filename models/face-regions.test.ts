import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseCanonicalFace } from './canonical-face'
import {
  FACE_OVAL,
  INNER_LIPS,
  LEFT_BROW,
  LEFT_EYE,
  neighbours,
  OUTER_LIPS,
  RIGHT_BROW,
  RIGHT_EYE,
  type Ring,
  splitTriangles,
} from './face-regions'
import { CANONICAL_FACE } from './registry'

const { positions, triangles } = parseCanonicalFace(
  new Uint8Array(readFileSync(new URL(`../public/${CANONICAL_FACE.path}`, import.meta.url))),
)
const connected = neighbours(triangles, 468)

test.each([
  ['oval', FACE_OVAL, 36],
  ['left eye', LEFT_EYE, 16],
  ['right eye', RIGHT_EYE, 16],
  ['inner lips', INNER_LIPS, 20],
  ['outer lips', OUTER_LIPS, 20],
  ['left brow', LEFT_BROW, 10],
  ['right brow', RIGHT_BROW, 10],
])('%s: a closed ring along edges of the mesh', (_, ring: Ring, length) => {
  expect(new Set(ring).size).toBe(length)
  for (const [i, point] of ring.entries()) expect(connected[point]).toContain(ring[(i + 1) % length])
})

test('the oval is the rim of the mesh', () => {
  const uses = new Map<string, number>()
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [...triangles.subarray(i, i + 3)].sort((one, other) => one - other)
    for (const edge of [`${a} ${b}`, `${b} ${c}`, `${a} ${c}`]) uses.set(edge, (uses.get(edge) ?? 0) + 1)
  }
  const rim = [...uses].filter(([, times]) => times === 1).flatMap(([edge]) => edge.split(' ').map(Number))
  expect(new Set(rim)).toEqual(new Set(FACE_OVAL))
})

test('left is the person’s left: greater x in a picture', () => {
  const middle = (ring: Ring): number =>
    ring.reduce((sum, point) => sum + positions[3 * point]!, 0) / ring.length
  for (const [left, right] of [
    [LEFT_EYE, RIGHT_EYE],
    [LEFT_BROW, RIGHT_BROW],
  ] as const) {
    expect(middle(left)).toBeGreaterThan(2)
    expect(middle(right)).toBeCloseTo(-middle(left), 1)
  }
})

test('852 triangles of skin, and the openings of eyes and mouth', () => {
  const parts = splitTriangles(triangles)
  const counts = [parts.skin, parts.leftEye, parts.rightEye, parts.mouth].map((part) => part.length / 3)
  expect(counts).toEqual([852, 14, 14, 18])
})

test('neighbours go both ways and leave nobody alone', () => {
  for (const [point, others] of connected.entries()) {
    expect(others.length).toBeGreaterThan(1)
    for (const other of others) expect(connected[other]).toContain(point)
  }
})
