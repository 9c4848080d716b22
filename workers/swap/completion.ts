/**
 * Where hair, a hard shadow or the head's own turn hides one side of the source's face, the other side, mirrored, stands in
 * for it: faces are alike left and right, and what was never seen cannot be stretched into view.
 *
 * Indices are in range by construction, hence the casts.
 */
import type { Pixels } from '../../models/pixels'
import { rasterise } from '../compositor/cpu/rasterise'
import { VERTEX_FLOATS } from '../compositor/layer'
import { smoothOverMesh } from './field'
import { NONE, ramp, type Side } from './matte'
import { POINTS, type Topology } from './topology'

/** A side this much darker than the other (share of its brightness) is in the shade; at the second value deeply. */
const SHADE = 0.4
const DEEP_SHADE = 0.7
/** The deepest shade is mixed with this much of the other side: two faces' halves alike would be nobody's. */
const SHADE_SHARE = 0.6

/** The number of the point on the other side of the head, per point; its own on the middle line. */
export function mirrorPoints({ head }: Pick<Topology, 'head'>): Uint16Array {
  return Uint16Array.from({ length: POINTS }, (_, i) => {
    let best = i
    let nearest = Number.POSITIVE_INFINITY
    for (let j = 0; j < POINTS; j++) {
      const dx = (head[3 * j] as number) + (head[3 * i] as number)
      const dy = (head[3 * j + 1] as number) - (head[3 * i + 1] as number)
      const dz = (head[3 * j + 2] as number) - (head[3 * i + 2] as number)
      const square = dx * dx + dy * dy + dz * dz
      if (square < nearest) {
        nearest = square
        best = j
      }
    }
    return best
  })
}

/**
 * How far the other side stands in for each point, 0..1: where this one is covered, shaded or turned away and the other
 * is not. `side` as seen in the picture itself.
 */
export function standIn({ skin, facing }: Side, mirror: Uint16Array, topology: Topology): Float32Array {
  const hidden = new Float32Array(POINTS)
  for (let i = 0; i < POINTS; i++) {
    const shade = 1 - brightness(skin.colours, i) / Math.max(1, brightness(skin.colours, mirror[i] as number))
    hidden[i] = Math.max(
      skin.foreign[i] as number,
      SHADE_SHARE * ramp(shade, SHADE, DEEP_SHADE),
      1 - ramp(facing[i] as number, -0.05, 0.2),
    )
  }
  const wanted = Float32Array.from(hidden, (own, i) =>
    Math.max(0, own - (hidden[mirror[i] as number] as number)),
  )
  // One point further: a half-covered neighbour still shows some of what covers it.
  const wider = wanted.slice()
  for (let i = 0; i < POINTS; i++) {
    for (let k = topology.starts[i] as number; k < (topology.starts[i + 1] as number); k++) {
      wider[i] = Math.max(wider[i] as number, wanted[topology.neighbours[k] as number] as number)
    }
    // Never where the other side has nothing better to offer.
    wider[i] = (wider[i] as number) * (1 - (hidden[mirror[i] as number] as number))
  }
  const smooth = wider.slice()
  smoothOverMesh(smooth, wider, new Float32Array(POINTS).fill(1), 1, 0.3, 2, topology)
  return smooth
}

/** A copy of the picture with the better side of its face on both; the picture itself where there is nothing to mend. */
export function completed(
  image: Pixels,
  landmarks: Float32Array,
  weights: Float32Array,
  mirror: Uint16Array,
  { triangles }: Topology,
): Pixels {
  const shown: number[] = []
  for (let t = 0; t < triangles.length; t += 3) {
    const points = triangles.subarray(t, t + 3)
    if (points.every((i) => i < POINTS) && points.some((i) => (weights[i] as number) > 0.02))
      shown.push(...points)
  }
  if (shown.length === 0) return image
  const vertices = new Float32Array(POINTS * VERTEX_FLOATS)
  for (let i = 0; i < POINTS; i++) {
    const at = i * VERTEX_FLOATS
    const other = 3 * (mirror[i] as number)
    vertices[at] = landmarks[3 * i] as number
    vertices[at + 1] = landmarks[3 * i + 1] as number
    vertices[at + 2] = landmarks[other] as number
    vertices[at + 3] = landmarks[other + 1] as number
    vertices[at + 4] = landmarks[3 * i] as number
    vertices[at + 5] = landmarks[3 * i + 1] as number
    vertices.fill(1, at + 6, at + 9)
    vertices[at + 9] = weights[i] as number
    vertices[at + 10] = NONE
  }
  const mended = { ...image, data: image.data.slice() }
  const layer = { vertices, triangles: Uint16Array.from(shown), texture: image, opacity: 1 }
  rasterise({ pixels: image, x: 0, y: 0 }, layer, { pixels: mended, x: 0, y: 0 })
  return mended
}

const brightness = (rgb: Float32Array, i: number): number =>
  0.3 * (rgb[3 * i] as number) + 0.59 * (rgb[3 * i + 1] as number) + 0.11 * (rgb[3 * i + 2] as number)
