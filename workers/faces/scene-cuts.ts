import type { Affine } from '../../models/affine'
import type { Pixels } from '../../models/pixels'
import type { Plate } from '../compositor/compositor'

/** Side of the thumbnail by which pictures are compared, px. */
const SIZE = 16
/** A cell has changed when its brightness (0..255) did by more than this. */
const CHANGE = 12
/**
 * Another shot: this share of the picture has changed, and it is this unlike (1 − correlation) the one before. Over the test
 * clips neighbouring frames reach 0.23 and 0.10, frames a fifth of a second apart 0.36 and 0.37 (never both), and two frames
 * of different clips are at least 0.54 and 0.49. A hand before the camera changes little of what is around it.
 */
const CHANGED = 0.42
const UNLIKE = 0.3

/** What a SceneCuts remembers, as plain data. */
export type SceneCutsMemory = Float32Array | undefined

/** Sees every frame, in order, and tells where another shot begins. */
export class SceneCuts {
  #last: Float32Array | undefined

  /** Whether the frame begins a new shot; the first one does. */
  async beginsShot(plate: Plate): Promise<boolean> {
    const toThumbnail: Affine = [SIZE / plate.width, 0, 0, SIZE / plate.height, 0, 0]
    const now = brightness(await plate.crop(toThumbnail, SIZE))
    const last = this.#last
    this.#last = now
    return !last || (changed(last, now) > CHANGED && unlike(last, now) > UNLIKE)
  }

  save(): SceneCutsMemory {
    return this.#last
  }

  restore(memory: SceneCutsMemory): void {
    this.#last = memory
  }
}

function brightness({ data }: Pixels): Float32Array {
  // Indices are in range: four bytes a pixel.
  const value = (i: number, c: number) => data[4 * i + c] as number
  return Float32Array.from(
    { length: data.length / 4 },
    (_, i) => 0.3 * value(i, 0) + 0.59 * value(i, 1) + 0.11 * value(i, 2),
  )
}

/** The share of cells that have changed; not those that only got lighter or darker as the whole picture did. */
function changed(a: Float32Array, b: Float32Array): number {
  const steps = b.map((value, i) => value - (a[i] ?? 0))
  const whole = steps.slice().sort()[steps.length >> 1] ?? 0
  const share = (from: number) => steps.filter((step) => Math.abs(step - from) > CHANGE).length / steps.length
  return Math.min(share(0), share(whole))
}

/** 1 − correlation: 0 for the same picture in another light. Plain pictures are alike. */
function unlike(a: Float32Array, b: Float32Array): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const x = (a[i] ?? 0) - meanA
    const y = (b[i] ?? 0) - meanB
    ab += x * y
    aa += x * x
    bb += y * y
  }
  const floor = a.length // a deviation of one step: noise
  return 1 - (ab + floor) / Math.sqrt((aa + floor) * (bb + floor))
}

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
