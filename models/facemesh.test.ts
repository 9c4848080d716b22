import { expect, test } from 'vitest'
import { type Affine, applyX, applyY, compose, invert, scaleOf } from './affine'
import type { Detection } from './blazeface'
import { LEFT_EYE_OUTER_CORNER, RIGHT_EYE_OUTER_CORNER } from './face-regions'
import {
  cropFromDetection,
  cropFromLandmarks,
  decodeFaceScore,
  decodeLandmarks,
  LANDMARKS,
  MESH_SIZE,
} from './facemesh'

const turned = (angle: number, x: number, y: number): Affine => [
  Math.cos(angle),
  Math.sin(angle),
  -Math.sin(angle),
  Math.cos(angle),
  x,
  y,
]

/** An ellipse of points 100 × 140 px around the origin with level eyes, moved into a frame. */
function landmarksIn(place: Affine): Float32Array {
  const landmarks = new Float32Array(3 * LANDMARKS)
  for (let i = 0; i < LANDMARKS; i++) {
    const angle = (i / LANDMARKS) * 2 * Math.PI
    let [x, y] = [50 * Math.cos(angle), 70 * Math.sin(angle)]
    if (i === RIGHT_EYE_OUTER_CORNER) [x, y] = [-30, -20]
    if (i === LEFT_EYE_OUTER_CORNER) [x, y] = [30, -20]
    landmarks.set([applyX(place, x, y), applyY(place, x, y), 0], 3 * i)
  }
  return landmarks
}

test.each([0, 0.4, -1.2, 3])(
  'a face turned by %f rad gets the same level crop as an upright one',
  (angle) => {
    const place = turned(angle, 300, 200)
    const crop = cropFromLandmarks(landmarksIn(place))
    const faceToCrop = compose(place, crop)
    expect(faceToCrop[1]).toBeCloseTo(0, 4) // the eye line is level, not upside down
    expect(faceToCrop[0]).toBeGreaterThan(0)
    expect(MESH_SIZE / scaleOf(crop)).toBeCloseTo(1.5 * 140, 0)
    expect(faceToCrop[4]).toBeCloseTo(MESH_SIZE / 2, 0)
    expect(faceToCrop[5]).toBeCloseTo(MESH_SIZE / 2, 0)
  },
)

test('the crop of a detection: 1.5 times the longer side, around the box, eyes level', () => {
  const detection: Detection = {
    box: { x: 100, y: 50, width: 80, height: 60 },
    points: Float32Array.of(120, 70, 150, 100, ...new Array(8).fill(0)), // eyes on a line of 45°
    score: 1,
  }
  const crop = cropFromDetection(detection)
  expect(applyX(crop, 140, 80)).toBeCloseTo(96, 4)
  expect(applyY(crop, 140, 80)).toBeCloseTo(96, 4)
  expect(scaleOf(crop)).toBeCloseTo(192 / 120, 5)
  expect(applyY(crop, 120, 70)).toBeCloseTo(applyY(crop, 150, 100), 4)
  expect(applyX(crop, 150, 100)).toBeGreaterThan(applyX(crop, 120, 70))
})

test('landmarks go back to the frame, z with the crop’s scale', () => {
  const frameToCrop = compose(turned(0.3, 20, 30), [0.5, 0, 0, 0.5, 4, 5])
  const raw = new Float32Array(3 * LANDMARKS)
  raw.set([96, 10, -8], 3 * 467)
  const landmarks = new Float32Array(3 * LANDMARKS)
  decodeLandmarks(raw, invert(frameToCrop), landmarks)
  const [x, y, z] = landmarks.subarray(3 * 467)
  expect(applyX(frameToCrop, x!, y!)).toBeCloseTo(96, 3)
  expect(applyY(frameToCrop, x!, y!)).toBeCloseTo(10, 3)
  expect(z).toBeCloseTo(-16, 4)
})

test('the face flag becomes a probability', () => {
  expect(decodeFaceScore(0)).toBe(0.5)
  expect(decodeFaceScore(20)).toBeCloseTo(1, 6)
  expect(decodeFaceScore(-20)).toBeCloseTo(0, 6)
})
