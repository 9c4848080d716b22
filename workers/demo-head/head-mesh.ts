import type { CanonicalFace } from '../../models/canonical-face'
import { INNER_LIPS, LEFT_EYE, OVAL, RIGHT_EYE } from './face-rings'

/**
 * The skin of a whole head: the 468 face points, then rings that carry the face's outline over the skull and under the
 * chin to a point at the back, then one vertex per edge from a round of subdivision that keeps the others in place.
 * Indices below are in range by construction.
 */
export interface HeadMesh {
  /** Face points and rings, the vertices that expressions move. */
  readonly controls: number
  readonly vertices: number
  /** Texture coordinates of all vertices, 0..1, origin top left; the face in the middle, the skull around it. */
  readonly uvs: Float32Array<ArrayBuffer>
  readonly controlTriangles: Uint16Array<ArrayBuffer>
  readonly triangles: Uint16Array<ArrayBuffer>
  /** Two control vertices per subdivided edge, for vertices `controls`, `controls + 1`, … */
  readonly edges: Uint16Array<ArrayBuffer>
}

export const FACE_POINTS = 468
/** Rings behind the face's outline. */
export const RINGS = 7
const POLE = FACE_POINTS + RINGS * OVAL.length
export const CONTROLS = POLE + 1

/** The middle of the skull and its half-axes, cm. */
export const SKULL = { x: 0, y: 3, z: -4.4, rx: 7.7, ry: 8.9, rz: 9.2 } as const

/** Number of ring vertex `k` (0..35 along the outline) on ring 0..RINGS−1. */
export const ringVertex = (ring: number, k: number): number =>
  FACE_POINTS + ring * OVAL.length + (k % OVAL.length)

const openings = new Set([
  ...INNER_LIPS,
  ...RIGHT_EYE.upper,
  ...RIGHT_EYE.lower,
  ...LEFT_EYE.upper,
  ...LEFT_EYE.lower,
])

/** True where a triangle of the canonical face closes an eye or the mouth rather than being skin. */
function isOpening(a: number, b: number, c: number): boolean {
  return openings.has(a) && openings.has(b) && openings.has(c)
}

export function headMesh({ uvs: faceUvs, triangles: faceTriangles }: CanonicalFace): HeadMesh {
  const skin: number[] = []
  for (let t = 0; t < faceTriangles.length; t += 3) {
    const [a, b, c] = [faceTriangles[t], faceTriangles[t + 1], faceTriangles[t + 2]] as [
      number,
      number,
      number,
    ]
    if (!isOpening(a, b, c)) skin.push(a, b, c)
  }
  const around = OVAL.length
  const at = (ring: number, k: number): number =>
    ring < 0 ? (OVAL[k % around] as number) : ringVertex(ring, k)
  // The outline runs clockwise in the picture; faces turn counter-clockwise, as the canonical ones do.
  for (let ring = -1; ring < RINGS - 1; ring++) {
    for (let k = 0; k < around; k++) {
      skin.push(at(ring, k), at(ring, k + 1), at(ring + 1, k))
      skin.push(at(ring, k + 1), at(ring + 1, k + 1), at(ring + 1, k))
    }
  }
  for (let k = 0; k < around; k++) skin.push(at(RINGS - 1, k), at(RINGS - 1, k + 1), POLE)

  const uvs: number[] = []
  for (let i = 0; i < FACE_POINTS; i++)
    uvs.push(...headUv(faceUvs[2 * i] as number, faceUvs[2 * i + 1] as number))
  for (let ring = 0; ring < RINGS; ring++) {
    for (let k = 0; k < around; k++) {
      const start = 2 * (OVAL[k] as number)
      const t = (ring + 1) / RINGS
      const dx = (uvs[start] as number) - 0.5
      const dy = (uvs[start + 1] as number) - 0.5
      const reach = 0.495 / Math.hypot(dx, dy)
      uvs.push(0.5 + dx * (1 + (reach - 1) * t), 0.5 + dy * (1 + (reach - 1) * t))
    }
  }
  uvs.push(0.5, 0.005)

  const edges: number[] = []
  const middles = new Map<number, number>()
  const middle = (a: number, b: number): number => {
    const key = Math.min(a, b) * CONTROLS + Math.max(a, b)
    let vertex = middles.get(key)
    if (vertex === undefined) {
      vertex = CONTROLS + edges.length / 2
      middles.set(key, vertex)
      edges.push(a, b)
      uvs.push(
        ((uvs[2 * a] as number) + (uvs[2 * b] as number)) / 2,
        ((uvs[2 * a + 1] as number) + (uvs[2 * b + 1] as number)) / 2,
      )
    }
    return vertex
  }
  const fine: number[] = []
  for (let t = 0; t < skin.length; t += 3) {
    const [a, b, c] = [skin[t], skin[t + 1], skin[t + 2]] as [number, number, number]
    const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)]
    fine.push(a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca)
  }
  return {
    controls: CONTROLS,
    vertices: uvs.length / 2,
    uvs: Float32Array.from(uvs),
    controlTriangles: Uint16Array.from(skin),
    triangles: Uint16Array.from(fine),
    edges: Uint16Array.from(edges),
  }
}

/** From the canonical face's texture coordinates to ours, which leave a margin for the skull. */
const headUv = (u: number, v: number): [number, number] => [0.5 + (u - 0.5) * 0.8, 0.5 + (v - 0.53) * 0.8]

/** Face points and rings at rest, 3 per vertex, cm, for a face at rest (468 × 3). */
export function headControls(face: Float32Array): Float32Array<ArrayBuffer> {
  const points = new Float32Array(3 * CONTROLS)
  points.set(face)
  for (let k = 0; k < OVAL.length; k++) {
    const from = 3 * (OVAL[k] as number)
    const dx = (face[from] as number) - SKULL.x
    const dy = (face[from + 1] as number) - SKULL.y
    const dz = (face[from + 2] as number) - SKULL.z
    const start = Math.hypot(dx, dy, dz)
    // Along the great circle from the outline's direction to straight back.
    const away = Math.hypot(dx, dy)
    const total = Math.PI - Math.acos(dz / start)
    for (let ring = 0; ring < RINGS; ring++) {
      const t = (ring + 1) / (RINGS + 1)
      const angle = Math.PI - total * (1 - t)
      const [nx, ny, nz] = [(Math.sin(angle) * dx) / away, (Math.sin(angle) * dy) / away, Math.cos(angle)]
      const skull = skullRadius(nx, ny, nz)
      const blend = t * t * (3 - 2 * t)
      const radius = start + (skull - start) * Math.min(1, blend * 1.6)
      const to = 3 * ringVertex(ring, k)
      points[to] = SKULL.x + nx * radius
      points[to + 1] = SKULL.y + ny * radius
      points[to + 2] = SKULL.z + nz * radius
    }
  }
  points.set([SKULL.x, SKULL.y, SKULL.z - SKULL.rz], 3 * POLE)
  return points
}

/** Distance from the skull's middle to its surface in a direction of length 1, cm. */
export const skullRadius = (x: number, y: number, z: number): number =>
  1 / Math.hypot(x / SKULL.rx, y / SKULL.ry, z / SKULL.rz)
