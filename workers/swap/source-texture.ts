/** The source's face at the sizes it is shown in, so that plain bilinear reads are never blurred nor aliased. */
import type { Pixels } from '../../models/pixels'
import { boundsOf } from '../faces/tracks'
import { resample, sharpen } from './resample'

const SMALLEST = 64 // px
const LARGEST = 1024 // px
/** A small source is enlarged here, with a good kernel, up to this many times; what is beyond is left to bilinear. */
const MOST_ENLARGED = 4
/** Sides go in steps of √2; a level is kept until another fits better by this share of a step. */
const HYSTERESIS = 0.75

interface Level {
  readonly plain: Pixels
  sharpness: number
  pixels: Pixels
}

/** The square around a face, px of its picture. */
export function faceSquare(landmarks: Float32Array): { x: number; y: number; side: number } {
  const { left, top, right, bottom } = boundsOf(landmarks)
  const side = Math.max(8, Math.ceil(1.08 * Math.max(right - left, bottom - top)))
  return { x: Math.round((left + right - side) / 2), y: Math.round((top + bottom - side) / 2), side }
}

export class SourceTexture {
  /** The square of the source picture that the texture shows, px of that picture. */
  readonly x: number
  readonly y: number
  readonly side: number
  readonly #base: Pixels
  readonly #levels = new Map<number, Level>()
  readonly #last: number

  /** Copies what it needs: the picture is not kept. */
  constructor(image: Pixels, landmarks: Float32Array) {
    const { x, y, side } = faceSquare(landmarks)
    this.x = x
    this.y = y
    this.side = side
    this.#base = resample(image, this.x, this.y, this.side, Math.min(LARGEST, this.side))
    const largest = Math.min(LARGEST, this.side * MOST_ENLARGED)
    this.#last = Math.max(0, Math.floor(2 * Math.log2(largest / SMALLEST)))
  }

  /** Which level to show when one source px is drawn `scale` frame px long; `before` is the level shown so far. */
  levelFor(scale: number, before: number | undefined): number {
    const wanted = 2 * Math.log2(Math.max(1, this.side * scale) / SMALLEST) + 0.25 // rather too sharp than too soft
    const level = before !== undefined && Math.abs(wanted - before) < HYSTERESIS ? before : Math.round(wanted)
    return Math.max(0, Math.min(this.#last, level))
  }

  /** The same object for the same level and sharpness (0..1), until another sharpness is asked for. */
  at(level: number, sharpness: number): Pixels {
    const size = Math.round(SMALLEST * 2 ** (level / 2))
    const known = this.#levels.get(level)
    const plain = known?.plain ?? resample(this.#base, 0, 0, this.#base.width, size)
    if (known?.sharpness === sharpness) return known.pixels
    // Enlarging softens: a little of it is won back.
    const softened = Math.max(0, Math.log2(size / this.side))
    const amount = 1.5 * sharpness * (1 + softened)
    const pixels = amount > 0 ? sharpen(plain, amount) : plain
    this.#levels.set(level, { plain, sharpness, pixels })
    return pixels
  }
}
