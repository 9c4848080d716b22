/** Taps on either side of a sample when the rate rises; as many more as it falls. */
const REACH = 24
/** Of the Kaiser window: about 80 dB of what lies beyond the band is kept out. */
const BETA = 8

/**
 * Brings sound to another rate with a windowed sinc, without moving it in time: output frame n is the sound at n / toRate
 * seconds after its beginning. One channel; state is kept between calls.
 */
export class Resampler {
  /** An output frame is `#down` / `#phases` input frames long; whole numbers, so that hours add up. */
  readonly #down: number
  readonly #reach: number
  /** The filter at PHASES positions between two input frames, 2 × reach taps each. */
  readonly #taps: Float32Array
  readonly #phases: number
  /** Input that later output still needs; its first frame is number `#from` of the input. */
  #held = new Float32Array(0)
  #from: number
  #next = 0

  constructor(fromRate: number, toRate: number) {
    const divisor = greatestCommonDivisor(fromRate, toRate)
    this.#down = fromRate / divisor
    this.#phases = toRate / divisor
    // When the rate falls, the band ends at the new rate's half.
    const band = Math.min(1, toRate / fromRate)
    this.#reach = Math.ceil(REACH / band)
    this.#taps = taps(this.#phases, this.#reach, band * 0.96)
    this.#from = -this.#reach
    this.#held = new Float32Array(this.#reach) // silence before the beginning
  }

  /** All output that is certain by now. */
  add(input: Float32Array): Float32Array<ArrayBuffer> {
    const held = new Float32Array(this.#held.length + input.length)
    held.set(this.#held)
    held.set(input, this.#held.length)
    const end = this.#from + held.length
    const width = 2 * this.#reach
    const output: number[] = []
    for (; ; this.#next++) {
      const position = this.#next * this.#down
      const base = Math.floor(position / this.#phases)
      if (base + this.#reach >= end) break
      const phase = (position % this.#phases) * width
      const first = base - this.#reach + 1 - this.#from
      let sum = 0
      for (let tap = 0; tap < width; tap++) sum += (held[first + tap] ?? 0) * (this.#taps[phase + tap] ?? 0)
      output.push(sum)
    }
    const keepFrom = Math.floor((this.#next * this.#down) / this.#phases) - this.#reach
    const drop = Math.min(held.length, Math.max(0, keepFrom - this.#from))
    this.#held = held.slice(drop)
    this.#from += drop
    return Float32Array.from(output)
  }

  /** The rest, as if silence followed. */
  end(): Float32Array<ArrayBuffer> {
    return this.add(new Float32Array(this.#reach))
  }
}

function taps(phases: number, reach: number, band: number): Float32Array {
  const width = 2 * reach
  const all = new Float32Array(phases * width)
  for (let phase = 0; phase < phases; phase++) {
    let sum = 0
    for (let tap = 0; tap < width; tap++) {
      const x = tap - reach + 1 - phase / phases // input frames from the output's place
      const window = bessel(BETA * Math.sqrt(Math.max(0, 1 - (x / reach) ** 2))) / bessel(BETA)
      const value = band * sinc(band * x) * window
      all[phase * width + tap] = value
      sum += value
    }
    // The same loudness whatever the place between two frames.
    for (let tap = 0; tap < width; tap++) all[phase * width + tap] = (all[phase * width + tap] ?? 0) / sum
  }
  return all
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))

/** The modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let sum = 1
  let term = 1
  for (let k = 1; term > 1e-10 * sum; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b)
