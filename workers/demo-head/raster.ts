/**
 * Triangles into pixels: a depth buffer and spans; what a pixel looks like is the material's business.
 * Indices below are in range by construction.
 */

/** What is drawn on. `colour` is RGBA in one word each (little endian); `depth` is nearness: larger is nearer. */
export interface Target {
  readonly width: number
  readonly height: number
  readonly colour: Uint32Array
  readonly depth: Float32Array
}

/** Floats per vertex: x and y in px, nearness, then what the material asks for. */
export const STRIDE = 10

export interface Material {
  /** How many of a vertex's floats are interpolated, nearness included. */
  readonly attributes: number
  /** Fills `count` pixels from pixel `at` on. `values` are those of the first pixel, `steps` their change per pixel. */
  span(target: Target, at: number, count: number, values: Float64Array, steps: Float64Array): void
}

const values = new Float64Array(STRIDE)
const steps = new Float64Array(STRIDE)
const slopes = new Float64Array(STRIDE)

/** Which triangles are drawn: those facing us (counter-clockwise with y up), or both sides. */
export type Sides = 'front' | 'both'

/** Pixels whose centre lies in a triangle belong to it; neighbours share none and leave none out. */
export function rasterise(
  target: Target,
  vertices: Float32Array,
  triangles: Uint16Array,
  material: Material,
  sides: Sides,
): void {
  const { width, height } = target
  const n = material.attributes
  for (let t = 0; t < triangles.length; t += 3) {
    let a = (triangles[t] as number) * STRIDE
    let b = (triangles[t + 1] as number) * STRIDE
    let c = (triangles[t + 2] as number) * STRIDE
    const ax = vertices[a] as number
    const ay = vertices[a + 1] as number
    const abx = (vertices[b] as number) - ax
    const aby = (vertices[b + 1] as number) - ay
    const acx = (vertices[c] as number) - ax
    const acy = (vertices[c + 1] as number) - ay
    const area = abx * acy - acx * aby
    if (area === 0 || (sides === 'front' && area > 0)) continue
    const inverse = 1 / area
    for (let k = 0; k < n; k++) {
      const at = vertices[a + 2 + k] as number
      const alongB = (vertices[b + 2 + k] as number) - at
      const alongC = (vertices[c + 2 + k] as number) - at
      steps[k] = (alongB * acy - alongC * aby) * inverse
      slopes[k] = (alongC * abx - alongB * acx) * inverse
    }
    const origin = a
    // Top to bottom.
    if ((vertices[b + 1] as number) < (vertices[a + 1] as number)) [a, b] = [b, a]
    if ((vertices[c + 1] as number) < (vertices[a + 1] as number)) [a, c] = [c, a]
    if ((vertices[c + 1] as number) < (vertices[b + 1] as number)) [b, c] = [c, b]
    const x0 = vertices[a] as number
    const y0 = vertices[a + 1] as number
    const x1 = vertices[b] as number
    const y1 = vertices[b + 1] as number
    const x2 = vertices[c] as number
    const y2 = vertices[c + 1] as number
    const long = (x2 - x0) / (y2 - y0)
    const upper = y1 > y0 ? (x1 - x0) / (y1 - y0) : 0
    const lower = y2 > y1 ? (x2 - x1) / (y2 - y1) : 0
    const last = Math.min(height - 1, Math.ceil(y2 - 0.5) - 1)
    for (let y = Math.max(0, Math.ceil(y0 - 0.5)); y <= last; y++) {
      const py = y + 0.5
      const one = x0 + (py - y0) * long
      const two = py < y1 ? x0 + (py - y0) * upper : x1 + (py - y1) * lower
      const from = Math.max(0, Math.ceil(Math.min(one, two) - 0.5))
      const to = Math.min(width, Math.ceil(Math.max(one, two) - 0.5))
      if (to <= from) continue
      const dx = from + 0.5 - ax
      const dy = py - ay
      for (let k = 0; k < n; k++) {
        values[k] =
          (vertices[origin + 2 + k] as number) + (steps[k] as number) * dx + (slopes[k] as number) * dy
      }
      material.span(target, y * width + from, to - from, values, steps)
    }
  }
}
