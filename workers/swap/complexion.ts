/**
 * What colour bare skin should have at a place of a face: a plane in Lab over the head's width and height, so that light
 * from one side is understood. Fitted robustly: hair, hats and hard shadows do not bend it.
 */
import { rgbToLab } from './lab'
import { POINTS, type Topology } from './topology'

/** Points this far (ΔE) from the plane have lost most of their say in it. */
const TOLERANCE = 12
const ROUNDS = 4
/** Resistance to tilting, in points · cm²: light comes from a side, but a forehead darker than the cheeks is hair. */
const STIFF_ACROSS = 300
const STIFF_DOWN = 6000
/** Plain cheek and nose, from which the fit starts: cm on the average head. */
const startsAt = (y: number, toOutline: number): boolean => y > -2.2 && y < 3 && toOutline > 2.5

const lab = new Float32Array(3 * POINTS)
const weights = new Float32Array(POINTS)
const normal = new Float64Array(9)
const right = new Float64Array(9)

export class Complexion {
  /** Per Lab channel: at the head's middle, change per cm to the right, per cm down. */
  readonly #plane = new Float64Array(9)

  /** `colours` POINTS × RGB; `trust` (POINTS) 0 where no skin was seen. */
  fit(colours: Float32Array, trust: Float32Array, { head, toOutline }: Topology): void {
    // Indices are in range by construction.
    for (let i = 0; i < POINTS; i++) {
      rgbToLab(colours, 3 * i, lab, 3 * i)
      weights[i] = startsAt(head[3 * i + 1] as number, toOutline[i] as number) ? (trust[i] as number) : 0
    }
    for (let round = 0; round < ROUNDS; round++) {
      this.#solve(head)
      for (let i = 0; i < POINTS; i++) {
        const off = this.#offAt(lab, 3 * i, head, i) / TOLERANCE
        weights[i] = (trust[i] as number) * Math.exp(-off * off)
      }
    }
  }

  /** ΔE (1976) between an RGB colour at an offset of `colours` and the skin expected at point `i`. */
  difference(colours: Float32Array, i: number, { head }: Topology): number {
    rgbToLab(colours, 3 * i, scratch, 0)
    return this.#offAt(scratch, 0, head, i)
  }

  #offAt(of: ArrayLike<number>, at: number, head: Float32Array, i: number): number {
    const x = head[3 * i] as number
    const y = head[3 * i + 1] as number
    let square = 0
    for (let c = 0; c < 3; c++) {
      const p = this.#plane
      const expected = (p[3 * c] as number) + (p[3 * c + 1] as number) * x + (p[3 * c + 2] as number) * y
      square += ((of[at + c] as number) - expected) ** 2
    }
    return Math.sqrt(square)
  }

  /** Weighted least squares of `lab` over (1, x, y). */
  #solve(head: Float32Array): void {
    normal.fill(0)
    right.fill(0)
    for (let i = 0; i < POINTS; i++) {
      const w = weights[i] as number
      if (w < 1e-4) continue
      const row = [1, head[3 * i] as number, head[3 * i + 1] as number]
      for (let j = 0; j < 3; j++) {
        const value = w * (row[j] as number)
        for (let k = 0; k < 3; k++)
          normal[3 * j + k] = (normal[3 * j + k] as number) + value * (row[k] as number)
        for (let c = 0; c < 3; c++)
          right[3 * c + j] = (right[3 * c + j] as number) + value * (lab[3 * i + c] as number)
      }
    }
    normal[0] = (normal[0] as number) + 1e-6
    normal[4] = (normal[4] as number) + STIFF_ACROSS
    normal[8] = (normal[8] as number) + STIFF_DOWN
    const [a, b, c, , d, e, , , f] = normal as unknown as readonly number[] as Nine
    // Inverse of a symmetric 3 × 3 matrix.
    const A = d * f - e * e
    const B = c * e - b * f
    const C = b * e - c * d
    const det = a * A + b * B + c * C
    const inverse = [A, B, C, B, a * f - c * c, b * c - a * e, C, b * c - a * e, a * d - b * b]
    for (let channel = 0; channel < 3; channel++) {
      for (let j = 0; j < 3; j++) {
        let sum = 0
        for (let k = 0; k < 3; k++) sum += (inverse[3 * j + k] as number) * (right[3 * channel + k] as number)
        this.#plane[3 * channel + j] = sum / det
      }
    }
  }
}

type Nine = readonly [number, number, number, number, number, number, number, number, number]
const scratch = [0, 0, 0]
