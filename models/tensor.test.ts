import { expect, test } from 'vitest'
import { createPixels } from './pixels'
import { FACE_DETECTOR, FACE_MESH } from './registry'
import { fillPlanes } from './tensor'

test('bytes become planes in the range of the network', () => {
  const pixels = createPixels(3, 2)
  pixels.data.set([0, 51, 255, 255, 255, 0, 102, 0])
  const planes = new Float32Array(3 * 6).fill(Number.NaN)

  fillPlanes(pixels, FACE_MESH.inputs[0]!.range!, planes)
  expect([planes[0], planes[6], planes[12]].map((value) => value!.toFixed(3))).toEqual([
    '0.000',
    '0.200',
    '1.000',
  ])
  expect([planes[1], planes[7], planes[13]].map((value) => value!.toFixed(3))).toEqual([
    '1.000',
    '0.000',
    '0.400',
  ])

  fillPlanes(pixels, FACE_DETECTOR.inputs[0]!.range!, planes)
  expect([planes[0], planes[6], planes[12]].map((value) => value!.toFixed(3))).toEqual([
    '-1.000',
    '-0.600',
    '1.000',
  ])
  expect([...planes.subarray(2, 6)]).toEqual([-1, -1, -1, -1])
})
