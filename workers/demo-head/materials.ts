import { type LightTable, lightIndex } from './lighting'
import type { Material } from './raster'

/**
 * What pixels of a triangle look like. Both materials read a texture smoothly (bilinear, sixteenths of a texel).
 * Indices below are in range by construction.
 */

/** A square picture of skin, `size` px a side. */
export interface SkinTexture {
  readonly size: number
  /** RGBA in one word (little endian); alpha is how glossy the skin is, 0..255. */
  readonly colour: Uint32Array<ArrayBuffer>
  /** Two per texel: how far relief turns the normal to the right and down, in 1/128. */
  readonly relief: Int8Array<ArrayBuffer>
}

/** A square picture that repeats sideways and ends above and below; `size` is a power of two. */
export interface TileTexture {
  readonly size: number
  /** RGBA in one word (little endian); alpha is how much it covers. */
  readonly colour: Uint32Array<ArrayBuffer>
}

// The texel last read: red and blue, then green and alpha, 16 bits each.
let even = 0
let odd = 0

/** Two channels at a time: their weighted sums stay within 16 bits each. */
function blendTexels(c00: number, c10: number, c01: number, c11: number, fx: number, fy: number): void {
  const w11 = fx * fy
  const w10 = fx * 16 - w11
  const w01 = fy * 16 - w11
  const w00 = 256 - w10 - w01 - w11
  even =
    (Math.imul(c00 & 0xff00ff, w00) +
      Math.imul(c10 & 0xff00ff, w10) +
      Math.imul(c01 & 0xff00ff, w01) +
      Math.imul(c11 & 0xff00ff, w11)) >>>
    8
  odd =
    (Math.imul((c00 >>> 8) & 0xff00ff, w00) +
      Math.imul((c10 >>> 8) & 0xff00ff, w10) +
      Math.imul((c01 >>> 8) & 0xff00ff, w01) +
      Math.imul((c11 >>> 8) & 0xff00ff, w11)) >>>
    8
}

const opaque = (r: number, g: number, b: number): number =>
  0xff000000 | (Math.min(b, 255) << 16) | (Math.min(g, 255) << 8) | Math.min(r, 255)

/** Lit per pixel. A vertex carries, after nearness: texture x, y in texels, normal x, y (down), occlusion 0..1. */
export function skinMaterial({ size, colour, relief }: SkinTexture, light: LightTable): Material {
  const highest = size - 2
  return {
    attributes: 6,
    span({ colour: out, depth }, at, count, values, steps) {
      let z = values[0] as number
      let u = (values[1] as number) - 0.5
      let v = (values[2] as number) - 0.5
      let nx = values[3] as number
      let ny = values[4] as number
      let open = values[5] as number
      const dz = steps[0] as number
      const du = steps[1] as number
      const dv = steps[2] as number
      const dnx = steps[3] as number
      const dny = steps[4] as number
      const dopen = steps[5] as number
      for (const end = at + count; at < end; at++) {
        if (z > (depth[at] as number)) {
          depth[at] = z
          const tx = u < 0 ? 0 : Math.min(u, highest)
          const ty = v < 0 ? 0 : Math.min(v, highest)
          const ix = tx | 0
          const iy = ty | 0
          const texel = iy * size + ix
          blendTexels(
            colour[texel] as number,
            colour[texel + 1] as number,
            colour[texel + size] as number,
            colour[texel + size + 1] as number,
            ((tx - ix) * 16) | 0,
            ((ty - iy) * 16) | 0,
          )
          const lit = lightIndex(
            nx + (relief[2 * texel] as number) * 0.0078,
            ny + (relief[2 * texel + 1] as number) * 0.0078,
          )
          const gloss = (light[lit + 3] as number) * ((odd >>> 16) & 255) * 0.0039 * open
          out[at] = opaque(
            (even & 255) * (light[lit] as number) * open + gloss,
            (odd & 255) * (light[lit + 1] as number) * open + gloss,
            ((even >>> 16) & 255) * (light[lit + 2] as number) * open + gloss,
          )
        }
        z += dz
        u += du
        v += dv
        nx += dnx
        ny += dny
        open += dopen
      }
    },
  }
}

/**
 * Light comes with the vertices: after nearness, texture x, y in texels, red, green and blue factors, and gloss 0..255
 * that shows as far as the texture is bright. Where the texture does not cover, what is behind stays.
 */
export function tileMaterial({ size, colour }: TileTexture): Material {
  const wrap = size - 1
  const highest = size - 2
  return {
    attributes: 7,
    span({ colour: out, depth }, at, count, values, steps) {
      let z = values[0] as number
      let u = (values[1] as number) + 16 * size
      let v = values[2] as number
      let lr = values[3] as number
      let lg = values[4] as number
      let lb = values[5] as number
      let shine = values[6] as number
      const dz = steps[0] as number
      const du = steps[1] as number
      const dv = steps[2] as number
      const dlr = steps[3] as number
      const dlg = steps[4] as number
      const dlb = steps[5] as number
      const dshine = steps[6] as number
      for (const end = at + count; at < end; at++) {
        if (z > (depth[at] as number)) {
          const ty = v < 0 ? 0 : Math.min(v, highest)
          const ix = u | 0
          const iy = ty | 0
          const row = iy * size
          const left = row + (ix & wrap)
          const right = row + ((ix + 1) & wrap)
          blendTexels(
            colour[left] as number,
            colour[right] as number,
            colour[left + size] as number,
            colour[right + size] as number,
            ((u - ix) * 16) | 0,
            ((ty - iy) * 16) | 0,
          )
          const cover = (odd >>> 16) & 255
          const red = even & 255
          const green = odd & 255
          const gloss = shine * (red + green) * 0.002
          const r = red * lr + gloss
          const g = green * lg + gloss
          const b = ((even >>> 16) & 255) * lb + gloss
          if (cover > 247) {
            depth[at] = z
            out[at] = opaque(r, g, b)
          } else if (cover > 7) {
            if (cover > 140) depth[at] = z
            const behind = out[at] as number
            const k = cover / 255
            out[at] = opaque(
              r * k + (behind & 255) * (1 - k),
              g * k + ((behind >>> 8) & 255) * (1 - k),
              b * k + ((behind >>> 16) & 255) * (1 - k),
            )
          }
        }
        z += dz
        u += du
        v += dv
        lr += dlr
        lg += dlg
        lb += dlb
        shine += dshine
      }
    },
  }
}
