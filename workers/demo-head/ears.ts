import type { HeadCharacter } from './character'
import { gauss, mix, smoothstep } from './noise'
import { findNormals } from './normals'
import { STRIDE } from './raster'
import { project } from './surface'
import type { Lens, Placement } from './view'

/** Both ears: drawn with the skin's material, coloured by a patch of cheek. Indices below are in range by construction. */
export interface Ears {
  readonly vertices: Float32Array
  readonly triangles: Uint16Array
  pose(head: Placement, lens: Lens): void
}

const RINGS = 10
const SPOKES = 28
/** Outline of the right half of an ear: reach from its middle by angle (0 towards the back, turning up), cm. */
const OUTLINE: readonly number[] = [1.72, 1.95, 2.35, 2.7, 2.85, 2.6, 2.1, 1.55, 1.15, 1.0, 1.0, 1.15, 1.5, 2.1, 2.75, 3.05, 2.85, 2.35, 1.95, 1.75] // biome-ignore format: a curve

/** `patch`: texels of plain, flushed skin in the head's texture, where ears take their colour from. */
export function createEars(
  rest: Float32Array,
  patch: { readonly x: number; readonly y: number; readonly reach: number },
  character: HeadCharacter,
): Ears {
  const perEar = RINGS * SPOKES + 1
  const points = new Float32Array(3 * 2 * perEar)
  const view = new Float32Array(points.length)
  const normals = new Float32Array(points.length)
  const vertices = new Float32Array(2 * perEar * STRIDE)
  const triangles: number[] = []
  const large = 0.92 + 0.12 * character.skin.age
  for (const side of [-1, 1]) {
    const first = side < 0 ? 0 : perEar
    // Where the ear joins the head: beside vertex 234 or 454, on the outline of the face.
    const anchor = 3 * (side < 0 ? 234 : 454)
    const [ax, ay, az] = [rest[anchor] as number, rest[anchor + 1] as number, rest[anchor + 2] as number]
    for (let ring = 0; ring <= RINGS; ring++) {
      for (let spoke = 0; spoke < (ring === 0 ? 1 : SPOKES); spoke++) {
        const v = first + (ring === 0 ? 0 : 1 + (ring - 1) * SPOKES + spoke)
        const rho = ring / RINGS
        const angle = (spoke / SPOKES) * 2 * Math.PI
        const k = (spoke / SPOKES) * OUTLINE.length
        const i = Math.floor(k)
        const reach = mix(OUTLINE[i] as number, OUTLINE[(i + 1) % OUTLINE.length] as number, k - i) * large
        const back = Math.cos(angle) * reach * rho
        const up = Math.sin(angle) * reach * rho
        const behind = smoothstep(-0.9, 0.6, Math.cos(angle) + 0.4 * Math.abs(Math.sin(angle)))
        // The rolled rim, the inner fold, the bowl, the flap in front of it, the lobe.
        const lobe = smoothstep(-1.2, -2.4, up)
        let high = 0.42 * gauss((rho - 0.88) / 0.09) * behind * (1 - lobe)
        high += 0.3 * gauss((rho - 0.58) / 0.11) * behind * (1 - lobe)
        high -= 0.5 * gauss((rho - 0.2) / 0.25) * smoothstep(1.4, 0.2, Math.abs(up + 0.3))
        high += 0.4 * gauss((back + 0.85) / 0.3) * gauss((up + 0.25) / 0.5)
        high += 0.2 * lobe - 0.25 * smoothstep(0.93, 1, rho)
        // Ears stand off the head, open to the front, and lean back.
        const stand = 0.5
        const leanBack = 0.16
        const bx = back * Math.sin(stand) + high * Math.cos(stand)
        const bz = -back * Math.cos(stand) + high * Math.sin(stand)
        points[3 * v] = ax + side * (0.12 + bx)
        points[3 * v + 1] = ay + 0.35 + up * Math.cos(leanBack) + bz * 0.05
        points[3 * v + 2] = az - 1.15 + bz - up * leanBack
        const shade = 1 - 0.55 * gauss((rho - 0.25) / 0.22) * smoothstep(1.6, 0.4, Math.abs(up + 0.2))
        const fold = 1 - 0.28 * gauss((rho - 0.73) / 0.07) * behind * (1 - lobe)
        vertices[v * STRIDE + 3] = patch.x + Math.cos(angle) * rho * patch.reach
        vertices[v * STRIDE + 4] = patch.y + Math.sin(angle) * rho * patch.reach
        vertices[v * STRIDE + 7] = shade * fold * 0.93
        if (ring > 0) {
          const at = (r: number, s: number): number =>
            first + (r === 0 ? 0 : 1 + (r - 1) * SPOKES + (s % SPOKES))
          triangles.push(at(ring - 1, spoke), at(ring, spoke), at(ring, spoke + 1))
          if (ring > 1) triangles.push(at(ring - 1, spoke), at(ring, spoke + 1), at(ring - 1, spoke + 1))
        }
      }
    }
  }
  return {
    vertices,
    triangles: Uint16Array.from(triangles),
    pose({ r, t }, lens) {
      for (let i = 0; i < points.length; i += 3) {
        const [x, y, z] = [points[i] as number, points[i + 1] as number, points[i + 2] as number]
        view[i] = r[0] * x + r[1] * y + r[2] * z + t[0]
        view[i + 1] = r[3] * x + r[4] * y + r[5] * z + t[1]
        view[i + 2] = r[6] * x + r[7] * y + r[8] * z + t[2]
      }
      findNormals(view, triangles, normals)
      for (let v = 0; v < 2 * perEar; v++) {
        project(view, 3 * v, lens, vertices, v * STRIDE)
        // Spokes turn the other way round on the other side of the head; a normal always faces outwards.
        const flip = v < perEar ? -1 : 1
        vertices[v * STRIDE + 5] = flip * (normals[3 * v] as number)
        vertices[v * STRIDE + 6] = -flip * (normals[3 * v + 1] as number)
      }
    },
  }
}
