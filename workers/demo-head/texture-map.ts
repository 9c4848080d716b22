import type { CanonicalFace } from '../../models/canonical-face'
import { LEFT_EYE, LOWER_LIP, RIGHT_EYE, UPPER_LIP } from './face-rings'
import { CONTROLS, type HeadMesh, headControls } from './head-mesh'
import { type Material, rasterise, STRIDE } from './raster'

/** How far into the lips each of their rows is. */
const LIP_RAMP = [0, 0.55, 0.8, 1]

/** Floats per texel of a texture map. */
export const MAP_FLOATS = 6

/**
 * For each texel of the head's texture: where on the canonical head it is (x, y, z in cm), then three ramps: how far
 * into the lips (0 at their border, 1 well inside), into the upper lid (0 beyond, 0.5 at the crease, 1 at the lashes)
 * and into the lower lid (the same). Texels off the head have x = NaN. Painting is done in these coordinates, so that
 * it lands under the landmarks by construction. Indices below are in range by construction.
 */
export function textureMap(
  canonical: CanonicalFace,
  mesh: HeadMesh,
  size: number,
): Float32Array<ArrayBuffer> {
  const points = headControls(canonical.positions)
  const ramps = new Float32Array(3 * CONTROLS)
  for (const rows of [UPPER_LIP, LOWER_LIP]) {
    rows.forEach((row, depth) => {
      for (const v of row) ramps[3 * v] = LIP_RAMP[depth] as number
    })
  }
  for (const eye of [RIGHT_EYE, LEFT_EYE]) {
    for (const v of eye.crease) ramps[3 * v + 1] = 0.5
    for (const v of eye.bag) ramps[3 * v + 2] = 0.5
    for (const v of eye.upper.slice(0, -1)) ramps[3 * v + 1] = 1
    for (const v of eye.lower.slice(1, -1)) ramps[3 * v + 2] = 1
  }
  const vertices = new Float32Array(CONTROLS * STRIDE)
  for (let v = 0; v < CONTROLS; v++) {
    vertices[v * STRIDE] = (mesh.uvs[2 * v] as number) * size
    vertices[v * STRIDE + 1] = (mesh.uvs[2 * v + 1] as number) * size
    for (let k = 0; k < 3; k++) {
      vertices[v * STRIDE + 2 + k] = points[3 * v + k] as number
      vertices[v * STRIDE + 5 + k] = ramps[3 * v + k] as number
    }
  }
  const map = new Float32Array(MAP_FLOATS * size * size).fill(Number.NaN)
  const record: Material = {
    attributes: MAP_FLOATS,
    span(_, at, count, values, steps) {
      for (let i = 0; i < count; i++) {
        // The triangles at the back of the head lie across the whole texture; what came first stays.
        if (!Number.isNaN(map[(at + i) * MAP_FLOATS])) continue
        for (let k = 0; k < MAP_FLOATS; k++) {
          map[(at + i) * MAP_FLOATS + k] = (values[k] as number) + (steps[k] as number) * i
        }
      }
    },
  }
  const target = { width: size, height: size, colour: new Uint32Array(), depth: new Float32Array() }
  rasterise(target, vertices, mesh.controlTriangles, record, 'both')
  return map
}
