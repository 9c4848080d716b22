import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseCanonicalFace } from '../../models/canonical-face'
import { alignHead, createPose } from './head-pose'
import { atRest } from './shape'
import { createTopology } from './topology'

const topology = createTopology(parseCanonicalFace(readFileSync('public/models/canonical-face.bin')))

/** Rotation by angles about y, x and z, row by row. */
function rotationOf(yaw: number, pitch: number, roll: number): number[] {
  const [a, b, c] = [Math.cos(yaw), Math.cos(pitch), Math.cos(roll)]
  const [A, B, C] = [Math.sin(yaw), Math.sin(pitch), Math.sin(roll)]
  return [
    c * a + C * B * A,
    -C * b,
    -c * A + C * B * a,
    C * a - c * B * A,
    c * b,
    -C * A - c * B * a,
    b * A,
    B,
    b * a,
  ]
}

function place(head: Float32Array, r: number[], scale: number, shift: readonly number[]): Float32Array {
  return head.map((_, k) => {
    const i = k - (k % 3)
    const row = 3 * (k % 3)
    return (
      scale * (r[row]! * head[i]! + r[row + 1]! * head[i + 1]! + r[row + 2]! * head[i + 2]!) + shift[k % 3]!
    )
  })
}

describe('alignHead', () => {
  it.each([
    [0, 0, 0],
    [0.6, -0.2, 0.1],
    [-1.2, 0.3, -0.7],
    [0.1, 0, Math.PI], // upside down: where a quaternion's first number is 0
  ])('finds back the turn %f %f %f, the scale and the place', (yaw, pitch, roll) => {
    const rotation = rotationOf(yaw, pitch, roll)
    const placed = place(topology.head, rotation, 17.5, [320, 240, -30])
    const pose = createPose()
    alignHead(topology.head, placed, topology, pose)
    expect(pose.scale).toBeCloseTo(17.5, 3)
    for (const [k, value] of rotation.entries()) expect(pose.rotation[k]).toBeCloseTo(value, 4)
    expect([...pose.shift].map(Math.round)).toEqual([320, 240, -30])
    const rest = new Float32Array(topology.head.length)
    atRest(placed, topology, pose, rest)
    for (const [k, value] of rest.entries()) expect(Math.abs(value - topology.head[k]!)).toBeLessThan(1e-3)
  })

  it('is not led astray by what hangs on no anchor', () => {
    const anchors = new Set(topology.anchors)
    const moved = topology.head.map((value, k) => (anchors.has(Math.floor(k / 3)) ? value : value + 3))
    const pose = createPose()
    alignHead(topology.head, moved, topology, pose)
    expect(pose.scale).toBeCloseTo(1, 5)
    expect(pose.rotation[0]).toBeCloseTo(1, 5)
  })
})
