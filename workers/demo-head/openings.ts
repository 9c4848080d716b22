import type { HeadCharacter } from './character'
import { type EyeRows, INNER_LIPS } from './face-rings'
import { type LightTable, lightIndex } from './lighting'
import type { HeadPose } from './motion'
import { mix, noise, smoothstep } from './noise'
import { type Material, STRIDE } from './raster'

/**
 * What shows through the openings of the face: eyeballs and the inside of the mouth. Each is a fan of triangles that
 * fills the opening exactly; its pixels are worked out from where they are in the head, in cm.
 * Indices below are in range by construction.
 */
export interface Opening {
  readonly vertices: Float32Array
  readonly triangles: Uint16Array
  readonly material: Material
  /** `surface`: vertices of the skin in the picture; `controls`: control points in the head's space. */
  update(surface: Float32Array, controls: Float32Array, pose: HeadPose): void
}

/** A fan around the mean of a loop (clockwise in the picture). `upper` of its vertices are the opening's upper side. */
function fan(
  loop: readonly number[],
  isUpper: readonly number[],
): Pick<Opening, 'vertices' | 'triangles'> & {
  lay: (surface: Float32Array, controls: Float32Array) => void
} {
  const count = loop.length
  const vertices = new Float32Array((count + 1) * STRIDE)
  const triangles = new Uint16Array(3 * count)
  for (let k = 0; k < count; k++) triangles.set([count, k, (k + 1) % count], 3 * k)
  const lay = (surface: Float32Array, controls: Float32Array): void => {
    const middle = count * STRIDE
    vertices.fill(0, middle)
    for (let k = 0; k < count; k++) {
      const v = loop[k] as number
      const at = k * STRIDE
      vertices[at] = surface[v * STRIDE] as number
      vertices[at + 1] = surface[v * STRIDE + 1] as number
      vertices[at + 2] = surface[v * STRIDE + 2] as number
      vertices[at + 3] = controls[3 * v] as number
      vertices[at + 4] = controls[3 * v + 1] as number
      vertices[at + 5] = isUpper[k] as number
      vertices[at + 6] = 0
      for (let i = 0; i < 6; i++) {
        vertices[middle + i] = (vertices[middle + i] as number) + (vertices[at + i] as number) / count
      }
    }
    vertices[middle + 6] = 1
  }
  return { vertices, triangles, lay }
}

const pack = (r: number, g: number, b: number): number =>
  (0xff000000 |
    (Math.max(0, Math.min(255, b)) << 16) |
    (Math.max(0, Math.min(255, g)) << 8) |
    Math.max(0, Math.min(255, r))) >>>
  0

const EYEBALL = 1.22 // cm, radius
const IRIS = 0.585 // cm, radius

/** `rest`: control points at rest, by which the eyeball is placed. */
export function eyeOpening(
  eye: EyeRows,
  character: HeadCharacter,
  rest: Float32Array,
  light: LightTable,
): Opening {
  const loop = [...eye.upper, ...eye.lower.slice(1, -1).reverse()]
  const clockwise = (rest[3 * 33] as number) <= (rest[3 * (eye.upper[0] as number)] as number)
  const upper = loop.map((_, k) => (k > 0 && k < eye.upper.length - 1 ? 1 : k >= eye.upper.length ? 0 : 0.5))
  const ordered = clockwise && eye.upper[0] === 33 ? loop : [...loop].reverse()
  const sides = ordered === loop ? upper : [...upper].reverse()
  const { vertices, triangles, lay } = fan(ordered, sides)
  const outer = 3 * (eye.upper[0] as number)
  const inner = 3 * (eye.upper[8] as number)
  const cx = ((rest[outer] as number) + (rest[inner] as number)) / 2
  const cy = ((rest[outer + 1] as number) + (rest[inner + 1] as number)) / 2 + 0.06
  const half = Math.abs((rest[outer] as number) - (rest[inner] as number)) / 2
  const noseward = Math.sign((rest[inner] as number) - (rest[outer] as number))
  const [ir, ig, ib] = character.iris
  let [ix, iy, turnX, turnY] = [0, 0, 0, 0]
  const material: Material = {
    attributes: 5,
    span({ colour, depth }, at, count, values, steps) {
      for (let i = 0; i < count; i++, at++) {
        const z = (values[0] as number) + i * (steps[0] as number)
        if (z + 0.15 < (depth[at] as number)) continue
        depth[at] = z
        const x = (values[1] as number) + i * (steps[1] as number) - cx
        const y = (values[2] as number) + i * (steps[2] as number) - cy
        const lid = (values[3] as number) + i * (steps[3] as number)
        const edge = (values[4] as number) + i * (steps[4] as number)
        const lit = lightIndex(x / EYEBALL / 1.25 + turnX, -y / EYEBALL / 1.25 - turnY)
        // White, darker and pinker towards the corners.
        const corner = smoothstep(0.45, 1.05, Math.abs(x) / half)
        let r = mix(226, 196, corner)
        let g = mix(217, 158, corner)
        let b = mix(211, 146, corner)
        const [dx, dy] = [x - ix, y - iy]
        const out = Math.hypot(dx, dy) / IRIS
        if (out < 1.12) {
          const angle = Math.atan2(dy, dx)
          const fibre =
            0.8 + 0.3 * noise(angle * 7, out * 2.2, character.seed) + 0.16 * noise(angle * 17, out * 4, 5)
          const glow =
            fibre *
            (1 + 0.55 * smoothstep(0.25, -0.9, dy / IRIS)) *
            mix(0.8, 1.08, smoothstep(0.85, 0.45, out))
          const limbus = smoothstep(0.99, 0.8, out)
          const iris = smoothstep(1.1, 0.95, out)
          const warm = smoothstep(0.62, 0.4, out) * 22
          r = mix(r, mix(30, ir * glow + warm, limbus), iris)
          g = mix(g, mix(26, ig * glow + warm * 0.55, limbus), iris)
          b = mix(b, mix(26, ib * glow, limbus), iris)
          const pupil = smoothstep(0.44, 0.36, out)
          r = mix(r, 10, pupil)
          g = mix(g, 8, pupil)
          b = mix(b, 8, pupil)
        }
        const pink = smoothstep(0.84, 1, (x * noseward) / half)
        r = mix(r, 190, pink * 0.8)
        g = mix(g, 116, pink * 0.8)
        b = mix(b, 104, pink * 0.8)
        // The upper lid and its lashes throw shade on the ball.
        const shade = mix(0.42, 1, smoothstep(0.98, 0.5, lid)) * mix(0.72, 1, smoothstep(0, 0.32, edge))
        const lr = (light[lit] as number) * shade
        const lg = (light[lit + 1] as number) * shade
        const lb = (light[lit + 2] as number) * shade
        // The lamp in the eye, and a faint window opposite.
        const lamp = smoothstep(0.15, 0.085, Math.hypot(x - ix * 0.75 + 0.19, y - iy * 0.75 - 0.2))
        const window = 0.3 * smoothstep(0.13, 0.05, Math.hypot(x - ix * 0.75 - 0.22, y - iy * 0.75 + 0.2))
        const wet = 0.25 * smoothstep(0.1, 0.02, edge) * (1 - lid)
        const glint = 255 * Math.min(1, lamp + window + wet * 0.5) * mix(0.6, 1, smoothstep(1, 0.6, lid))
        colour[at] = pack(r * lr + glint, g * lg + glint, b * lb + glint)
      }
    },
  }
  return {
    vertices,
    triangles,
    material,
    update(surface, controls, pose) {
      lay(surface, controls)
      ix = Math.sin(pose.gazeX) * EYEBALL
      iy = Math.sin(pose.gazeY) * EYEBALL
      turnX = Math.sin(pose.yaw) * 0.6
      turnY = Math.sin(pose.pitch) * 0.6
    },
  }
}

/** Where neighbouring teeth touch, cm from the middle. */
const TEETH = [0, 0.8, 1.4, 2.0, 2.55]

export function mouthOpening(rest: Float32Array): Opening {
  const rows = INNER_LIPS.length / 2 + 1
  const sides = INNER_LIPS.map((_, k) => (k > 0 && k < rows - 1 ? 1 : k >= rows ? 0 : 0.5))
  const { vertices, triangles, lay } = fan(INNER_LIPS, sides)
  const line = rest[3 * 13 + 1] as number
  let jaw = 0
  let shift = 0
  let open = 0
  const material: Material = {
    attributes: 5,
    span({ colour, depth }, at, count, values, steps) {
      for (let i = 0; i < count; i++, at++) {
        const z = (values[0] as number) + i * (steps[0] as number)
        if (z + 0.3 < (depth[at] as number)) continue
        depth[at] = z
        const x = (values[1] as number) + i * (steps[1] as number) + shift
        const y = (values[2] as number) + i * (steps[2] as number) - line
        const lip = (values[3] as number) + i * (steps[3] as number)
        const edge = (values[4] as number) + i * (steps[4] as number)
        const from = Math.abs(x)
        let r = 58
        let g = 20
        let b = 20
        // Tongue, low in the mouth.
        const tongue = smoothstep(-0.5 * jaw - 0.05, -0.8 * jaw - 0.3, y) * smoothstep(1.5, 0.6, from)
        r = mix(r, 148, tongue * 0.8)
        g = mix(g, 72, tongue * 0.8)
        b = mix(b, 70, tongue * 0.8)
        const gap = Math.min(...TEETH.map((edgeAt) => Math.abs(from - edgeAt)))
        const between = mix(0.8, 1, smoothstep(0, 0.09, gap))
        const deep = mix(1, 0.35, smoothstep(0.7, 2.1, from))
        const upperEdge = -0.3 + 0.05 * from * from + (from > 0.8 && from < 1.4 ? 0.05 : 0)
        const lowerEdge = -0.42 - 0.92 * jaw + 0.04 * from * from
        const upper = smoothstep(upperEdge - 0.04, upperEdge + 0.03, y) * smoothstep(2.5, 2.1, from)
        const lower =
          smoothstep(lowerEdge + 0.04, lowerEdge - 0.03, y) * smoothstep(2.1, 1.6, from) * (1 - upper)
        const tooth = Math.max(upper, lower * 0.8) * open
        const shine = (lower > upper ? 0.8 : 0.96) * between * deep
        r = mix(r, 232 * shine, tooth)
        g = mix(g, 220 * shine, tooth)
        b = mix(b, 202 * shine, tooth)
        const shade = mix(0.45, 1, smoothstep(1, 0.55, lip)) * mix(0.55, 1, smoothstep(0, 0.35, edge))
        colour[at] = pack(r * shade, g * shade, b * shade)
      }
    },
  }
  return {
    vertices,
    triangles,
    material,
    update(surface, controls, pose) {
      lay(surface, controls)
      jaw = pose.expression.jaw
      open = smoothstep(0.06, 0.3, jaw)
      shift = 0.9 * Math.sin(pose.yaw)
    },
  }
}
