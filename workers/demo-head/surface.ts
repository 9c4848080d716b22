import { CONTROLS, type HeadMesh } from './head-mesh'
import { findNormals, normalise } from './normals'
import { STRIDE } from './raster'
import { CAMERA_CM, type Lens, type Placement } from './view'

/**
 * A head's skin in one pose: control points go in, vertices of the picture come out. Owns its buffers, which the next
 * pose overwrites. Indices below are in range by construction.
 */
export interface Surface {
  /** For the rasteriser: x, y (px), nearness (cm), texture x, y (texels), normal x, y (down), occlusion. */
  readonly vertices: Float32Array
  /** Of all vertices in the camera's space, 3 each: cm, and unit normals (y up). */
  readonly positions: Float32Array
  readonly normals: Float32Array
  pose(controls: Float32Array, placement: Placement, lens: Lens): void
}

export function createSurface(mesh: HeadMesh, textureSize: number): Surface {
  const { vertices: count, controlTriangles, edges, uvs } = mesh
  const vertices = new Float32Array(count * STRIDE)
  const positions = new Float32Array(3 * count)
  const normals = new Float32Array(3 * count)
  for (let v = 0; v < count; v++) {
    vertices[v * STRIDE + 3] = (uvs[2 * v] as number) * textureSize
    vertices[v * STRIDE + 4] = (uvs[2 * v + 1] as number) * textureSize
    vertices[v * STRIDE + 7] = 1
  }

  /** Edge middles, lifted onto the curve that the normals at both ends suggest (Phong tessellation). */
  function findMiddles(): void {
    for (let e = 0; e < edges.length; e += 2) {
      const a = 3 * (edges[e] as number)
      const b = 3 * (edges[e + 1] as number)
      const to = 3 * (CONTROLS + e / 2)
      const dx = (positions[b] as number) - (positions[a] as number)
      const dy = (positions[b + 1] as number) - (positions[a + 1] as number)
      const dz = (positions[b + 2] as number) - (positions[a + 2] as number)
      const [anx, any, anz] = [normals[a] as number, normals[a + 1] as number, normals[a + 2] as number]
      const [bnx, bny, bnz] = [normals[b] as number, normals[b + 1] as number, normals[b + 2] as number]
      // The middle's height over each end's tangent plane, half of it taken back.
      const overA = 0.5 * (dx * anx + dy * any + dz * anz)
      const overB = -0.5 * (dx * bnx + dy * bny + dz * bnz)
      const k = 0.5 * 0.7
      positions[to] = (positions[a] as number) + dx / 2 - k * (overA * anx + overB * bnx)
      positions[to + 1] = (positions[a + 1] as number) + dy / 2 - k * (overA * any + overB * bny)
      positions[to + 2] = (positions[a + 2] as number) + dz / 2 - k * (overA * anz + overB * bnz)
      normals[to] = anx + bnx
      normals[to + 1] = any + bny
      normals[to + 2] = anz + bnz
      normalise(normals, to)
    }
  }

  return {
    vertices,
    positions,
    normals,
    pose(controls, { r, t }, lens) {
      for (let i = 0; i < 3 * CONTROLS; i += 3) {
        const x = controls[i] as number
        const y = controls[i + 1] as number
        const z = controls[i + 2] as number
        positions[i] = r[0] * x + r[1] * y + r[2] * z + t[0]
        positions[i + 1] = r[3] * x + r[4] * y + r[5] * z + t[1]
        positions[i + 2] = r[6] * x + r[7] * y + r[8] * z + t[2]
      }
      findNormals(positions, controlTriangles, normals)
      findMiddles()
      for (let v = 0; v < count; v++) {
        project(positions, 3 * v, lens, vertices, v * STRIDE)
        vertices[v * STRIDE + 5] = normals[3 * v] as number
        vertices[v * STRIDE + 6] = -(normals[3 * v + 1] as number)
      }
    },
  }
}

/** Writes picture x, y and nearness of a point in the camera's space. */
export function project(
  positions: Float32Array,
  from: number,
  lens: Lens,
  vertices: Float32Array,
  to: number,
): void {
  const z = positions[from + 2] as number
  const scale = lens.focal / (CAMERA_CM - z)
  vertices[to] = lens.x + (positions[from] as number) * scale
  vertices[to + 1] = lens.y - (positions[from + 1] as number) * scale
  vertices[to + 2] = z
}
