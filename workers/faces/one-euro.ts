/**
 * One-Euro filter over many values at once (Casiez, Roussel, Vogel 2012): a low-pass whose cut-off rises with speed, so that
 * a still face rests and a fast one does not lag.
 *
 *     fc = minCutoff + beta·|dx|      alpha = 1 / (1 + tau/Te)      tau = 1 / (2π·fc)
 *
 * Values are taken in units of `scale` (here: the face's width), so one setting serves near and far faces.
 */
export interface OneEuroSettings {
  readonly minCutoffHz: number
  /** Hz of cut-off per unit of speed (scale per second). */
  readonly beta: number
}

/** Cut-off of the speed estimate, Hz. */
const SPEED_CUTOFF_HZ = 1.5
/** After a pause this long the past says nothing about the present. */
const RESET_AFTER_MS = 500

/** 0 passes everything through, 1 is the calmest. Found by eye and by jitter on still stretches. */
export function smoothingSettings(strength: number): OneEuroSettings | undefined {
  if (strength <= 0) return undefined
  return { minCutoffHz: 6 * (0.25 / 6) ** strength, beta: 60 * (1 - 0.75 * strength) }
}

const alpha = (cutoffHz: number, seconds: number): number => {
  const tau = 1 / (2 * Math.PI * cutoffHz)
  return 1 / (1 + tau / seconds)
}

export class OneEuro {
  readonly #value: Float32Array<ArrayBuffer>
  readonly #speed: Float32Array
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(count: number) {
    this.#value = new Float32Array(count)
    this.#speed = new Float32Array(count)
  }

  /** Smooths `values` in place. `scale`: the unit the settings speak of, in units of the values. */
  smooth(values: Float32Array, timeMs: number, scale: number, settings: OneEuroSettings | undefined): void {
    const seconds = (timeMs - this.#lastMs) / 1000
    const fresh = !(seconds > 0 && seconds * 1000 <= RESET_AFTER_MS)
    this.#lastMs = timeMs
    if (fresh || !settings) {
      this.#value.set(values)
      this.#speed.fill(0)
      return
    }
    const speedAlpha = alpha(SPEED_CUTOFF_HZ, seconds)
    // Both arrays and `values` have the same length, so every index is in range.
    for (let i = 0; i < this.#value.length; i++) {
      const last = this.#value[i] as number
      const step = (values[i] as number) - last
      const speed =
        (this.#speed[i] as number) + speedAlpha * (step / scale / seconds - (this.#speed[i] as number))
      this.#speed[i] = speed
      const next = last + alpha(settings.minCutoffHz + settings.beta * Math.abs(speed), seconds) * step
      this.#value[i] = next
      values[i] = next
    }
  }
}
