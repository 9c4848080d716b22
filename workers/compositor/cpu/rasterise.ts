/**
 * Draws a layer in plain TypeScript, pixel for pixel as `../layer.ts` says. Scan lines with linear stepping; a pixel
 * belongs to the triangle that holds its centre, and on a shared edge to the one at its right or below (the top-left
 * rule of GPUs), so neighbours neither overlap nor leave gaps.
 *
 * Indices below are in range by construction, hence the casts: noUncheckedIndexedAccess would cost a branch per read.
 */
import type { Pixels } from '../../../models/pixels'
import { type Layer, VERTEX_FLOATS } from '../layer'

/** A rectangle of a frame: pixel (0, 0) of `pixels` is pixel (x, y) of the frame. Whole numbers. */
export interface Patch {
  readonly pixels: Pixels
  readonly x: number
  readonly y: number
}

export interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * The smallest rectangle of whole frame pixels that holds everything the layer draws and every plate pixel that it
 * reads; empty (width or height 0) when it lies outside the frame.
 */
export function layerBounds(layer: Layer, width: number, height: number): Bounds {
  const { vertices, triangles } = layer
  let left = Number.POSITIVE_INFINITY
  let top = Number.POSITIVE_INFINITY
  let right = Number.NEGATIVE_INFINITY
  let bottom = Number.NEGATIVE_INFINITY
  for (let i = 0; i < triangles.length; i++) {
    const at = (triangles[i] as number) * VERTEX_FLOATS
    const x = vertices[at] as number
    const y = vertices[at + 1] as number
    const ownX = vertices[at + 4] as number
    const ownY = vertices[at + 5] as number
    left = Math.min(left, x, ownX)
    right = Math.max(right, x, ownX)
    top = Math.min(top, y, ownY)
    bottom = Math.max(bottom, y, ownY)
  }
  if (!(left < right)) return { x: 0, y: 0, width: 0, height: 0 }
  // One pixel more on each side: bilinear taps reach that far.
  const x = Math.max(0, Math.floor(left) - 1)
  const y = Math.max(0, Math.floor(top) - 1)
  const across = Math.min(width, Math.ceil(right) + 1) - x
  const down = Math.min(height, Math.ceil(bottom) + 1) - y
  return { x, y, width: Math.max(0, across), height: Math.max(0, down) }
}

/** Fills `out` with the plate's pixels; where they do not overlap it is left as it was. */
export function copyPlate(plate: Patch, out: Patch): void {
  const [from, to] = [plate.pixels, out.pixels]
  const left = Math.max(plate.x, out.x)
  const right = Math.min(plate.x + from.width, out.x + to.width)
  const top = Math.max(plate.y, out.y)
  const bottom = Math.min(plate.y + from.height, out.y + to.height)
  if (right <= left) return
  for (let y = top; y < bottom; y++) {
    const start = ((y - plate.y) * from.width + left - plate.x) * 4
    const end = start + (right - left) * 4
    to.data.set(from.data.subarray(start, end), ((y - out.y) * to.width + left - out.x) * 4)
  }
}

/** What steps along a scan line: source u, v; own x, y; gain r, g, b; matte; ownness. */
const STEPPED = 9
const base = new Float64Array(STEPPED) // value at the triangle's first vertex
const alongX = new Float64Array(STEPPED) // change per pixel to the right
const alongY = new Float64Array(STEPPED)
const FIRST = 2 // where they begin in a vertex, one after another

/**
 * Draws `layer` into `out`, reading `plate`; two different patches of one frame. Only pixels under a triangle are
 * written (opaque), the rest of `out` stays: fill it with `copyPlate` first, then draw every layer into it. Nothing
 * is drawn outside `out`, so a narrower `out` is how the before-after split is done. The plate must cover
 * `layerBounds`; it may be the whole frame. Allocates nothing.
 */
export function rasterise(plate: Patch, layer: Layer, out: Patch): void {
  const { triangles } = layer
  for (let t = 0; t + 2 < triangles.length; t += 3) {
    const a = (triangles[t] as number) * VERTEX_FLOATS
    const b = (triangles[t + 1] as number) * VERTEX_FLOATS
    const c = (triangles[t + 2] as number) * VERTEX_FLOATS
    drawTriangle(plate, layer, out, a, b, c)
  }
}

function drawTriangle(plate: Patch, layer: Layer, out: Patch, a: number, b: number, c: number): void {
  const { vertices } = layer
  const ax = vertices[a] as number
  const ay = vertices[a + 1] as number
  const bx = vertices[b] as number
  const by = vertices[b + 1] as number
  const cx = vertices[c] as number
  const cy = vertices[c + 1] as number
  const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
  if (!(Math.abs(area) > 1e-9)) return // flat, or not a number

  const { width, height } = out.pixels
  const firstRow = Math.max(out.y, Math.ceil(Math.min(ay, by, cy) - 0.5))
  const endRow = Math.min(out.y + height, Math.ceil(Math.max(ay, by, cy) - 0.5))
  if (firstRow >= endRow) return

  for (let k = 0; k < STEPPED; k++) {
    const value = vertices[a + FIRST + k] as number
    const toB = (vertices[b + FIRST + k] as number) - value
    const toC = (vertices[c + FIRST + k] as number) - value
    base[k] = value
    alongX[k] = (toB * (cy - ay) - toC * (by - ay)) / area
    alongY[k] = (toC * (bx - ax) - toB * (cx - ax)) / area
  }
  for (let row = firstRow; row < endRow; row++) {
    const y = row + 0.5
    // Where the scan line enters and leaves. An edge belongs to rows with top <= y < bottom, so exactly two count.
    let enter = Number.POSITIVE_INFINITY
    let leave = Number.NEGATIVE_INFINITY
    if (ay <= y !== by <= y) {
      const x = crossing(ax, ay, bx, by, y)
      enter = Math.min(enter, x)
      leave = Math.max(leave, x)
    }
    if (by <= y !== cy <= y) {
      const x = crossing(bx, by, cx, cy, y)
      enter = Math.min(enter, x)
      leave = Math.max(leave, x)
    }
    if (cy <= y !== ay <= y) {
      const x = crossing(cx, cy, ax, ay, y)
      enter = Math.min(enter, x)
      leave = Math.max(leave, x)
    }
    const from = Math.max(out.x, Math.ceil(enter - 0.5))
    const end = Math.min(out.x + width, Math.ceil(leave - 0.5))
    if (from < end) drawSpan(plate, layer, out, row, from, end, from + 0.5 - ax, y - ay)
  }
}

/** Where an edge crosses the line y. Written from its upper end, so both triangles at the edge get the same number. */
function crossing(ax: number, ay: number, bx: number, by: number, y: number): number {
  return ay < by ? ax + ((y - ay) * (bx - ax)) / (by - ay) : bx + ((y - by) * (ax - bx)) / (ay - by)
}

const valueAt = (k: number, dx: number, dy: number): number =>
  (base[k] as number) + (alongX[k] as number) * dx + (alongY[k] as number) * dy

/** Pixels `from`..`end` − 1 of a row; (dx, dy) leads from the triangle's first vertex to the first pixel's centre. */
function drawSpan(
  plate: Patch,
  layer: Layer,
  out: Patch,
  row: number,
  from: number,
  end: number,
  dx: number,
  dy: number,
): void {
  let u = valueAt(0, dx, dy) - 0.5
  let v = valueAt(1, dx, dy) - 0.5
  let ownX = valueAt(2, dx, dy) - 0.5 - plate.x
  let ownY = valueAt(3, dx, dy) - 0.5 - plate.y
  let gainR = valueAt(4, dx, dy)
  let gainG = valueAt(5, dx, dy)
  let gainB = valueAt(6, dx, dy)
  let matte = valueAt(7, dx, dy)
  let ownness = valueAt(8, dx, dy)
  const uStep = alongX[0] as number
  const vStep = alongX[1] as number
  const ownXStep = alongX[2] as number
  const ownYStep = alongX[3] as number
  const gainRStep = alongX[4] as number
  const gainGStep = alongX[5] as number
  const gainBStep = alongX[6] as number
  const matteStep = alongX[7] as number
  const ownnessStep = alongX[8] as number

  const { data: texture, width: textureWidth } = layer.texture
  const maxU = textureWidth - 1
  const maxV = layer.texture.height - 1
  const { data: frame, width: frameWidth } = plate.pixels
  const [maxX, maxY] = [frameWidth - 1, plate.pixels.height - 1]
  const { opacity } = layer
  const drawn = out.pixels.data
  let to = ((row - out.y) * out.pixels.width + from - out.x) * 4
  let under = ((row - plate.y) * frameWidth + from - plate.x) * 4

  for (let x = from; x < end; x++) {
    let r = 0
    let g = 0
    let b = 0
    const cover = smoothstep(matte) * opacity
    if (cover > 0) {
      const own = smoothstep(ownness)
      if (own < 1) {
        // Skin: four texels around (u, v), edge repeated.
        const cu = u < 0 ? 0 : Math.min(u, maxU)
        const cv = v < 0 ? 0 : Math.min(v, maxV)
        const iu = cu | 0
        const iv = cv | 0
        const fu = cu - iu
        const fv = cv - iv
        const p = (iv * textureWidth + iu) * 4
        const q = iu < maxU ? p + 4 : p
        const below = iv < maxV ? textureWidth * 4 : 0
        const w11 = fu * fv
        const w10 = fu - w11
        const w01 = fv - w11
        const w00 = 1 - fu - w01
        const P = p + below
        const Q = q + below
        r =
          (w00 * (texture[p] as number) +
            w10 * (texture[q] as number) +
            w01 * (texture[P] as number) +
            w11 * (texture[Q] as number)) *
          gainR
        g =
          (w00 * (texture[p + 1] as number) +
            w10 * (texture[q + 1] as number) +
            w01 * (texture[P + 1] as number) +
            w11 * (texture[Q + 1] as number)) *
          gainG
        b =
          (w00 * (texture[p + 2] as number) +
            w10 * (texture[q + 2] as number) +
            w01 * (texture[P + 2] as number) +
            w11 * (texture[Q + 2] as number)) *
          gainB
        r = r < 0 ? 0 : Math.min(r, 255)
        g = g < 0 ? 0 : Math.min(g, 255)
        b = b < 0 ? 0 : Math.min(b, 255)
      }
      if (own > 0) {
        const cx = ownX < 0 ? 0 : Math.min(ownX, maxX)
        const cy = ownY < 0 ? 0 : Math.min(ownY, maxY)
        const ix = cx | 0
        const iy = cy | 0
        const fx = cx - ix
        const fy = cy - iy
        const p = (iy * frameWidth + ix) * 4
        const q = ix < maxX ? p + 4 : p
        const below = iy < maxY ? frameWidth * 4 : 0
        const P = p + below
        const Q = q + below
        const w11 = fx * fy
        const w10 = fx - w11
        const w01 = fy - w11
        const w00 = 1 - fx - w01
        r +=
          (w00 * (frame[p] as number) +
            w10 * (frame[q] as number) +
            w01 * (frame[P] as number) +
            w11 * (frame[Q] as number) -
            r) *
          own
        g +=
          (w00 * (frame[p + 1] as number) +
            w10 * (frame[q + 1] as number) +
            w01 * (frame[P + 1] as number) +
            w11 * (frame[Q + 1] as number) -
            g) *
          own
        b +=
          (w00 * (frame[p + 2] as number) +
            w10 * (frame[q + 2] as number) +
            w01 * (frame[P + 2] as number) +
            w11 * (frame[Q + 2] as number) -
            b) *
          own
      }
    }
    if (cover < 1) {
      const keep = 1 - cover
      r = (frame[under] as number) * keep + r * cover
      g = (frame[under + 1] as number) * keep + g * cover
      b = (frame[under + 2] as number) * keep + b * cover
    }
    drawn[to] = r
    drawn[to + 1] = g
    drawn[to + 2] = b
    drawn[to + 3] = 255
    to += 4
    under += 4
    u += uStep
    v += vStep
    ownX += ownXStep
    ownY += ownYStep
    gainR += gainRStep
    gainG += gainGStep
    gainB += gainBStep
    matte += matteStep
    ownness += ownnessStep
  }
}

const smoothstep = (x: number): number => (x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x))
