import { openSync, readSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createPixels } from '../../models/pixels'
import { ensureFakeCamera, FAKE_CAMERA, fakeCameraTruth } from './fake-camera'
import { drawFrameNumber, readFrameNumber } from './frame-number'
import { y4mFrame } from './y4m'

const { width, height, frames } = FAKE_CAMERA
const FRAME_BYTES = 6 + (width * height * 3) / 2

test('the fake camera is whole, numbered, and loops without a seam', { timeout: 120_000 }, () => {
  const video = ensureFakeCamera()
  const { size } = statSync(video)
  const header = size - frames * FRAME_BYTES
  expect(header).toBeGreaterThan(20)
  expect(header).toBeLessThan(80)
  const file = openSync(video, 'r')
  const start = Buffer.alloc(header)
  readSync(file, start, 0, header, 0)
  expect(start.toString()).toMatch(/^YUV4MPEG2 W640 H480 F30:1 .*C420\w*\n$/)

  const last = Buffer.alloc(FRAME_BYTES)
  readSync(file, last, 0, FRAME_BYTES, header + (frames - 1) * FRAME_BYTES)
  expect(last.subarray(0, 6).toString()).toBe('FRAME\n')
  const seen = createPixels(width, height)
  for (let i = 0; i < width * height; i++) seen.data.fill(last[6 + i]!, 4 * i, 4 * i + 3)
  expect(readFrameNumber(seen)).toBe(frames - 1)

  const truth = fakeCameraTruth()
  expect(truth).toHaveLength(frames)
  const moved = (a: Float32Array, b: Float32Array): number =>
    a.reduce((most, value, i) => (i % 3 === 2 ? most : Math.max(most, Math.abs(value - b[i]!))), 0)
  expect(moved(truth[frames - 1]!, truth[0]!)).toBeLessThan(4) // px, like any two neighbours at rest
  expect(moved(truth[0]!, truth[Math.floor(frames / 3)]!)).toBeGreaterThan(4)
})

test('colours survive the way to video levels', () => {
  const pixels = createPixels(2, 2)
  for (let i = 0; i < 4; i++) pixels.data.set([255, 0, 0, 255], 4 * i)
  expect([...y4mFrame(pixels).subarray(6)]).toEqual([81, 81, 81, 81, 90, 240])
  pixels.data.fill(255)
  expect([...y4mFrame(pixels).subarray(6)]).toEqual([235, 235, 235, 235, 128, 128])
})

test('a frame number can be read back', () => {
  const pixels = createPixels(640, 480)
  pixels.data.fill(90)
  for (const number of [0, 1, 299, 682, 1023]) {
    drawFrameNumber(pixels, number)
    expect(readFrameNumber(pixels)).toBe(number)
  }
})
