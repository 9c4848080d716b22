import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseCanonicalFace } from '../../models/canonical-face'
import { FACE_OVAL, INNER_LIPS } from '../../models/face-regions'
import { Proportions, ShapeChange } from './shape'
import { createTopology, POINTS } from './topology'

const topology = createTopology(parseCanonicalFace(readFileSync('public/models/canonical-face.bin')))
const change = (to: (i: number, d: number, value: number) => number, from = topology.head, agape = false) => {
  const shape = new ShapeChange(topology)
  shape.follow(
    from,
    topology.head.map((value, k) => to(Math.floor(k / 3), k % 3, value)),
    agape,
    200,
  )
  return (i: number): [number, number] => [shape.offsets[3 * i]!, shape.offsets[3 * i + 1]!]
}

describe('ShapeChange', () => {
  it('moves nothing between equal heads', () => {
    const offset = change((_, __, value) => value)
    for (let i = 0; i < POINTS; i++) expect(Math.hypot(...offset(i))).toBeLessThan(1e-6)
  })

  it('brings features to their new places and leaves the outline where it is', () => {
    const wider = change((_, d, value) => (d === 0 ? value * 1.1 : value)) // eyes further apart, a broader mouth
    const [outerX] = wider(33)
    const wanted = 0.1 * topology.head[3 * 33]!
    expect(outerX / wanted).toBeGreaterThan(0.7)
    expect(outerX / wanted).toBeLessThan(1.1)
    for (const i of FACE_OVAL) expect(Math.hypot(...wider(i))).toBeLessThan(1e-4)
  })

  it('keeps the opening of the mouth, whatever the source does with it', () => {
    const lower = INNER_LIPS.slice(1, 10)
    const upper = INNER_LIPS.slice(11).reverse()
    const opened = change((i, d, value) => (d === 1 && lower.includes(i) ? value + 0.6 : value))
    for (const [k, i] of lower.entries()) {
      expect(Math.abs(opened(i)[1] - opened(upper[k]!)[1])).toBeLessThan(0.1)
    }
  })

  it('takes nothing from the jaw of a source that is agape', () => {
    const drop = (i: number, d: number, value: number) =>
      d === 1 && topology.head[3 * i + 1]! > 4.8 ? value + 2 : value
    expect(Math.abs(change(drop, topology.head, true)(17)[1])).toBeLessThan(0.2)
  })
})

describe('Proportions', () => {
  it('remembers the head at rest, however the head turns, and forgets a blink soon', () => {
    const proportions = new Proportions()
    for (let frame = 0; frame < 60; frame++) {
      const yaw = 0.4 * Math.sin(frame / 9)
      const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)]
      const landmarks = new Float32Array(3 * POINTS)
      for (let i = 0; i < POINTS; i++) {
        const [x, y, z] = [0, 1, 2].map((d) => topology.head[3 * i + d]!) as [number, number, number]
        const mouth = i === 17 && frame % 3 === 0 ? 0.5 : 0 // a lip that moves now and then
        landmarks.set(
          [300 + 15 * (cos * x + sin * z), 200 + 15 * (y + mouth), 15 * (cos * z - sin * x)],
          3 * i,
        )
      }
      proportions.see(landmarks, frame * 33, topology)
    }
    expect(proportions.pose.scale).toBeCloseTo(15, 3)
    for (let i = 0; i < POINTS; i++) {
      const off = Math.abs(proportions.mean[3 * i + 1]! - topology.head[3 * i + 1]!)
      expect(off).toBeLessThan(i === 17 ? 0.3 : 1e-3)
    }
  })
})
