/** The colours of a GIF and which of them stands for which pixel. Indices are in range by construction. */
import { quantize } from 'gifenc'
import type { Pixels } from '../../models/pixels'

/** One place of 256 is for "as before". */
export const COLOURS = 255
export const AS_BEFORE = 255

/** Pixels of a sampled picture that are looked at: enough for every colour a person would miss. */
const SAMPLES_PER_PICTURE = 24_000

/** Red, green, blue of at most 255 colours that suit all these pictures. */
export function paletteOf(pictures: readonly Pixels[]): Uint8Array<ArrayBuffer> {
  const samples = pictures.map(sampled)
  const all = new Uint8ClampedArray(samples.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const each of samples) {
    all.set(each, at)
    at += each.length
  }
  return Uint8Array.from(quantize(all, COLOURS, { format: 'rgb565' }).flat())
}

/** Pixels spread evenly, row by row at another place. */
function sampled({ data }: Pixels): Uint8ClampedArray {
  const pixels = data.length / 4
  const count = Math.min(pixels, SAMPLES_PER_PICTURE)
  const out = new Uint8ClampedArray(count * 4)
  for (let i = 0; i < count; i++) {
    const from = 4 * Math.floor((i * pixels) / count)
    out.set(data.subarray(from, from + 4), 4 * i)
  }
  return out
}

/** 8 × 8 ordered dithering: what comes first is spread farthest apart. */
const BAYER = bayer(8)
const PLAN = 8 // palette entries that take turns to look like one colour
/** How much of the error is made good by the neighbours: 1 is all, which looks grainy. */
const STRENGTH = 0.75
const BITS = 6 // per channel, of colours that are told apart

/**
 * Finds palette entries for pixels, with pattern dithering (Knoll): a colour that the palette lacks becomes a fixed mix of
 * entries, by place alone, so that what does not move does not flicker, and compresses.
 */
export class PaletteMap {
  readonly #palette: Uint8Array
  /** PLAN entries per colour, dark to bright; made when a colour is first seen. */
  readonly #plans = new Uint8Array(PLAN << (3 * BITS))
  readonly #known = new Uint8Array(1 << (3 * BITS))
  readonly #order: number[] = []

  constructor(palette: Uint8Array) {
    this.#palette = palette
  }

  /** The entry for this colour at this place. */
  at(x: number, y: number, red: number, green: number, blue: number): number {
    const shift = 8 - BITS
    const colour = ((red >> shift) << (2 * BITS)) | ((green >> shift) << BITS) | (blue >> shift)
    if (this.#known[colour] === 0) this.#plan(colour, red, green, blue)
    const step = BAYER[(y & 7) * 8 + (x & 7)] as number
    return this.#plans[colour * PLAN + ((step * PLAN) >> 6)] as number
  }

  #plan(colour: number, red: number, green: number, blue: number): void {
    const plan = this.#order
    plan.length = 0
    let [errorR, errorG, errorB] = [0, 0, 0]
    for (let i = 0; i < PLAN; i++) {
      const entry = this.#nearest(
        red + errorR * STRENGTH,
        green + errorG * STRENGTH,
        blue + errorB * STRENGTH,
      )
      plan.push(entry)
      errorR += red - (this.#palette[3 * entry] as number)
      errorG += green - (this.#palette[3 * entry + 1] as number)
      errorB += blue - (this.#palette[3 * entry + 2] as number)
    }
    plan.sort((a, b) => this.#luma(a) - this.#luma(b))
    this.#plans.set(plan, colour * PLAN)
    this.#known[colour] = 1
  }

  #nearest(red: number, green: number, blue: number): number {
    const palette = this.#palette
    let best = 0
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i < palette.length; i += 3) {
      const r = red - (palette[i] as number)
      const g = green - (palette[i + 1] as number)
      const b = blue - (palette[i + 2] as number)
      // Weights of a cheap perceptual distance: the eye is sharpest for green.
      const off = 3 * r * r + 5 * g * g + 2 * b * b
      if (off >= least) continue
      least = off
      best = i / 3
    }
    return best
  }

  #luma(entry: number): number {
    const [r, g, b] = this.#palette.subarray(3 * entry, 3 * entry + 3)
    return 299 * (r ?? 0) + 587 * (g ?? 0) + 114 * (b ?? 0)
  }
}

/** The order in which places of a square are filled, 0..size² − 1. */
function bayer(size: number): Uint8Array {
  const out = new Uint8Array(size * size)
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      let value = 0
      for (let bit = 1, weight = (size * size) / 4; bit < size; bit <<= 1, weight >>= 2) {
        const a = (x & bit) === 0 ? 0 : 1
        const b = (y & bit) === 0 ? 0 : 1
        value += weight * (2 * (a ^ b) + b)
      }
      out[y * size + x] = value
    }
  return out
}
