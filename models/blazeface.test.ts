import { expect, test } from 'vitest'
import { applyX, applyY, invert } from './affine'
import {
  ANCHOR_CENTRES,
  ANCHORS,
  type Detection,
  decodeDetections,
  detectionToFrame,
  detectorCrop,
  mergeOverlapping,
} from './blazeface'

test('anchors: 16 × 16 × 2, then 8 × 8 × 6, row by row', () => {
  expect(ANCHOR_CENTRES.length).toBe(2 * ANCHORS)
  const at = (anchor: number) => [...ANCHOR_CENTRES.subarray(2 * anchor, 2 * anchor + 2)]
  expect(at(0)).toEqual([0.5 / 16, 0.5 / 16])
  expect(at(1)).toEqual(at(0))
  expect(at(2)).toEqual([1.5 / 16, 0.5 / 16])
  expect(at(32)).toEqual([0.5 / 16, 1.5 / 16])
  expect(at(511)).toEqual([15.5 / 16, 15.5 / 16])
  expect(at(512)).toEqual([0.5 / 8, 0.5 / 8])
  expect(at(518)).toEqual([1.5 / 8, 0.5 / 8])
  expect(at(895)).toEqual([7.5 / 8, 7.5 / 8])
})

test('decoding: px from the anchor’s centre, score by sigmoid, the weak left out', () => {
  const regressors = new Float32Array(ANCHORS * 16)
  const classificators = new Float32Array(ANCHORS).fill(-20)
  const anchor = 512 + 6 * 8 * 4 + 6 * 3 // 8 × 8 grid, row 4, column 3: centre 3.5/8, 4.5/8
  regressors.set([12.8, -6.4, 64, 32, ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]], anchor * 16)
  classificators[anchor] = 2
  classificators[0] = -0.1 // just under one half
  const [face, ...others] = decodeDetections(regressors, classificators)
  expect(others).toEqual([])
  expect(face!.score).toBeCloseTo(1 / (1 + Math.exp(-2)), 6)
  expect(face!.box.width).toBeCloseTo(0.5, 6)
  expect(face!.box.height).toBeCloseTo(0.25, 6)
  expect(face!.box.x).toBeCloseTo(3.5 / 8 + 0.1 - 0.25, 6)
  expect(face!.box.y).toBeCloseTo(4.5 / 8 - 0.05 - 0.125, 6)
  expect(face!.points[0]).toBeCloseTo(3.5 / 8 + 1 / 128, 6)
  expect(face!.points[11]).toBeCloseTo(4.5 / 8 + 12 / 128, 6)
})

const face = (x: number, y: number, size: number, score: number): Detection => ({
  box: { x, y, width: size, height: size },
  points: new Float32Array(12).fill(x),
  score,
})

test('overlapping boxes become one, averaged by score; others stay, best first', () => {
  const merged = mergeOverlapping(
    [face(0.5, 0.5, 0.2, 0.6), face(0.1, 0.1, 0.2, 0.9), face(0.12, 0.1, 0.2, 0.6)],
    0.3,
  )
  expect(merged.map(({ score }) => score)).toEqual([0.9, 0.6])
  expect(merged[0]!.box.x).toBeCloseTo((0.1 * 0.9 + 0.12 * 0.6) / 1.5, 6)
  expect(merged[0]!.points[3]).toBeCloseTo((0.1 * 0.9 + 0.12 * 0.6) / 1.5, 6)
  expect(merged[0]!.box.width).toBeCloseTo(0.2, 6)
  expect(merged[1]!.box.x).toBeCloseTo(0.5, 6)
})

test('boxes that overlap by less than the limit are two faces', () => {
  // shifted by half: a third in common, by union
  const pair = [face(0, 0, 0.2, 0.9), face(0.1, 0, 0.2, 0.8)]
  expect(mergeOverlapping(pair, 0.34)).toHaveLength(2)
  expect(mergeOverlapping(pair, 0.33)).toHaveLength(1)
})

test('the whole frame fits into the detector’s square, centred, and comes back', () => {
  const frameToSquare = detectorCrop(640, 360)
  expect([applyX(frameToSquare, 0, 0), applyY(frameToSquare, 0, 0)]).toEqual([0, 28])
  expect([applyX(frameToSquare, 640, 360), applyY(frameToSquare, 640, 360)]).toEqual([128, 100])
  const { box, points } = detectionToFrame(face(0.25, 0.25, 0.5, 1), invert(frameToSquare))
  expect([box.x, box.y, box.width, box.height].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([
    160, 20, 320, 320,
  ])
  expect(points[0]).toBeCloseTo(160, 4)
  expect(points[1]).toBeCloseTo(20, 4)
})
