import { expect, test } from 'vitest'
import type { Expression } from './expression'
import { type HeadPose, headPose, LOOP_MS } from './motion'

const numbers = ({ expression, ...rest }: HeadPose): number[] => [
  ...Object.values(rest),
  ...Object.values(expression satisfies Expression),
]

test('the same moment gives the same pose, one loop later too', () => {
  for (const time of [0, 333, 4321.5, 9999]) {
    expect(headPose(time)).toEqual(headPose(time))
    numbers(headPose(time + LOOP_MS)).forEach((value, i) => {
      expect(value).toBeCloseTo(numbers(headPose(time))[i]!, 9)
    })
  }
})

test('nothing jumps, least of all where the loop closes', () => {
  const step = 1000 / 30
  for (let time = 0; time < LOOP_MS; time += step) {
    const [before, after] = [numbers(headPose(time - step)), numbers(headPose(time))]
    const fastest = Math.max(...after.map((value, i) => Math.abs(value - before[i]!)))
    expect(fastest).toBeLessThan(0.75) // a blink is the fastest thing it does
    expect(Math.abs(headPose(time).yaw - headPose(time - step).yaw)).toBeLessThan(0.015)
  }
})

test('it talks, blinks, turns and nods', () => {
  const poses = Array.from({ length: 300 }, (_, i) => headPose((i * LOOP_MS) / 300))
  const span = (of: (pose: HeadPose) => number): number =>
    Math.max(...poses.map(of)) - Math.min(...poses.map(of))
  expect(span((pose) => pose.expression.jaw)).toBeGreaterThan(0.8)
  expect(span((pose) => pose.expression.blinkLeft)).toBeGreaterThan(0.9)
  expect(span((pose) => pose.yaw)).toBeGreaterThan(0.3)
  expect(span((pose) => pose.pitch)).toBeGreaterThan(0.1)
})
