import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseCanonicalFace } from '../../models/canonical-face'
import { FACE_OVAL, INNER_LIPS, LEFT_EYE, RIGHT_EYE } from '../../models/face-regions'
import { createTopology, POINTS } from './topology'

const topology = createTopology(parseCanonicalFace(readFileSync('public/models/canonical-face.bin')))

describe('createTopology', () => {
  it('closes the openings with strips that share their rims edge by edge', () => {
    // In a closed surface with the outline as its only border, every edge but the outline's is used twice.
    const uses = new Map<string, number>()
    for (let t = 0; t < topology.triangles.length; t += 3) {
      for (let k = 0; k < 3; k++) {
        const edge = [topology.triangles[t + k]!, topology.triangles[t + ((k + 1) % 3)]!].sort(
          (a, b) => a - b,
        )
        uses.set(edge.join(), (uses.get(edge.join()) ?? 0) + 1)
      }
    }
    const border = [...uses].filter(([, count]) => count !== 2)
    expect(border.every(([, count]) => count === 1)).toBe(true)
    expect(border.length).toBe(FACE_OVAL.length)
    expect(topology.middles.length).toBe(7 + 7 + 9)
  })

  it('turns every triangle towards the camera', () => {
    const at = [...topology.head]
    for (const { upper, lower } of topology.middles) {
      for (let d = 0; d < 3; d++) at.push((topology.head[3 * upper + d]! + topology.head[3 * lower + d]!) / 2)
    }
    let turned = 0
    for (let t = 0; t < topology.triangles.length; t += 3) {
      const [a, b, c] = [0, 1, 2].map((k) => 3 * topology.triangles[t + k]!) as [number, number, number]
      const area =
        (at[b]! - at[a]!) * (at[c + 1]! - at[a + 1]!) - (at[c]! - at[a]!) * (at[b + 1]! - at[a + 1]!)
      if (area < 0) turned++
    }
    expect(turned).toBe(0)
  })

  it('knows how far points are from what', () => {
    for (const i of FACE_OVAL) expect(topology.toOutline[i]).toBe(0)
    for (const i of [...LEFT_EYE, ...RIGHT_EYE]) expect(topology.toEyes[i]).toBe(0)
    for (const i of INNER_LIPS) expect([topology.toMouth[i], topology.toLips[i]]).toEqual([0, 0])
    expect(topology.toOutline[1]!).toBeGreaterThan(7) // the nose's tip
    expect(topology.skin[5]).toBe(1)
    expect(topology.skin[INNER_LIPS[3]!]).toBe(0)
    expect(topology.head.length).toBe(3 * POINTS)
  })
})
