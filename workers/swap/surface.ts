/**
 * The mesh as a surface in front of a camera: which way it faces, what hides what. Indices are in range by
 * construction, hence the casts.
 */
import { VERTEX_FLOATS } from '../compositor/layer'
import { POINTS } from './topology'

const normals = new Float32Array(3 * POINTS)

/** Fills `facing` (POINTS): 1 where the surface looks straight at the camera, 0 edge-on, below 0 away from it. */
export function fillFacing(landmarks: Float32Array, triangles: Uint16Array, facing: Float32Array): void {
  normals.fill(0)
  for (let t = 0; t < triangles.length; t += 3) {
    const a = 3 * (triangles[t] as number)
    const b = 3 * (triangles[t + 1] as number)
    const c = 3 * (triangles[t + 2] as number)
    if (a >= 3 * POINTS || b >= 3 * POINTS || c >= 3 * POINTS) continue // an opening's own points
    const x = landmarks[a] as number
    const y = landmarks[a + 1] as number
    const z = landmarks[a + 2] as number
    const ux = (landmarks[b] as number) - x
    const uy = (landmarks[b + 1] as number) - y
    const uz = (landmarks[b + 2] as number) - z
    const vx = (landmarks[c] as number) - x
    const vy = (landmarks[c + 1] as number) - y
    const vz = (landmarks[c + 2] as number) - z
    const nx = uy * vz - uz * vy
    const ny = uz * vx - ux * vz
    const nz = ux * vy - uy * vx
    add(a, nx, ny, nz)
    add(b, nx, ny, nz)
    add(c, nx, ny, nz)
  }
  for (let i = 0; i < POINTS; i++) {
    const nz = normals[3 * i + 2] as number
    const length = Math.hypot(normals[3 * i] as number, normals[3 * i + 1] as number, nz)
    facing[i] = length > 0 ? nz / length : 0 // clockwise triangles in a y-down picture have the area's sign
  }
}

function add(at: number, x: number, y: number, z: number): void {
  normals[at] = (normals[at] as number) + x
  normals[at + 1] = (normals[at + 1] as number) + y
  normals[at + 2] = (normals[at + 2] as number) + z
}

const BINS = 128

/** Puts triangles in painter's order without allocating but for the view it returns. */
export class PaintOrder {
  readonly #triangles: Uint16Array
  readonly #sorted: Uint16Array<ArrayBuffer>
  readonly #bins: Uint8Array
  readonly #starts = new Uint16Array(BINS + 1)

  constructor(triangles: Uint16Array) {
    this.#triangles = triangles
    this.#sorted = new Uint16Array(triangles.length)
    this.#bins = new Uint8Array(triangles.length / 3)
  }

  /**
   * Far triangles first; without those that face away or have no matte at any corner. `depths`, one per vertex, smaller is
   * nearer. The result is good until the next call.
   */
  sort(vertices: Float32Array, depths: Float32Array): Uint16Array<ArrayBuffer> {
    let near = Infinity
    let far = -Infinity
    for (const depth of depths) {
      near = Math.min(near, depth)
      far = Math.max(far, depth)
    }
    const toBin = (BINS - 1) / Math.max(1e-6, far - near) / 3
    const triangles = this.#triangles
    const starts = this.#starts.fill(0)
    const hidden = 255
    for (let k = 0; k < this.#bins.length; k++) {
      const a = triangles[3 * k] as number
      const b = triangles[3 * k + 1] as number
      const c = triangles[3 * k + 2] as number
      const depth = (depths[a] as number) + (depths[b] as number) + (depths[c] as number)
      const bin = shows(vertices, a, b, c) ? Math.floor((3 * far - depth) * toBin) : hidden
      this.#bins[k] = bin
      if (bin !== hidden) starts[bin + 1] = (starts[bin + 1] as number) + 1
    }
    for (let bin = 0; bin < BINS; bin++)
      starts[bin + 1] = (starts[bin + 1] as number) + (starts[bin] as number)
    const count = starts[BINS] as number
    for (let k = 0; k < this.#bins.length; k++) {
      const bin = this.#bins[k] as number
      if (bin === hidden) continue
      const to = 3 * (starts[bin] as number)
      starts[bin] = (starts[bin] as number) + 1
      this.#sorted[to] = triangles[3 * k] as number
      this.#sorted[to + 1] = triangles[3 * k + 1] as number
      this.#sorted[to + 2] = triangles[3 * k + 2] as number
    }
    return this.#sorted.subarray(0, 3 * count)
  }
}

function shows(vertices: Float32Array, a: number, b: number, c: number): boolean {
  const p = a * VERTEX_FLOATS
  const q = b * VERTEX_FLOATS
  const r = c * VERTEX_FLOATS
  const x = vertices[p] as number
  const y = vertices[p + 1] as number
  const area =
    ((vertices[q] as number) - x) * ((vertices[r + 1] as number) - y) -
    ((vertices[r] as number) - x) * ((vertices[q + 1] as number) - y)
  return (
    area > 0 && Math.max(vertices[p + 9] as number, vertices[q + 9] as number, vertices[r + 9] as number) > 0
  )
}
