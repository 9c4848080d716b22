import type { Affine } from '../../models/affine'
import type { Pixels } from '../../models/pixels'
import type { Plate } from '../compositor/compositor'

/** Side of the thumbnail by which pictures are compared, px. */
const SIZE = 16
/** Pictures whose likeness (correlation of brightness, −1..1) is below this do not belong to one shot. */
const UNLIKE = 0.55
/** So they do not when it falls to this from one frame to the next while shots around are much steadier. */
const SUDDEN = 0.85
const STEADIER = 6

/** What a SceneCuts remembers, as plain data. */
export interface SceneCutsMemory {
  readonly last: Float32Array | undefined
  readonly usual: number
}

/** Hears of every frame, in order, and tells where another shot begins. */
export class SceneCuts {
  #last: Float32Array | undefined
  /** How unlike neighbouring frames are in this shot: a running mean of 1 − likeness. */
  #usual = 0

  /** Whether the frame begins a new shot; the first one does. */
  async beginsShot(plate: Plate): Promise<boolean> {
    const toThumbnail: Affine = [SIZE / plate.width, 0, 0, SIZE / plate.height, 0, 0]
    const now = brightness(await plate.crop(toThumbnail, SIZE))
    const last = this.#last
    this.#last = now
    if (!last) return true
    const unlike = 1 - likeness(last, now)
    const cut = unlike > 1 - UNLIKE || (unlike > 1 - SUDDEN && unlike > STEADIER * (this.#usual + 0.005))
    this.#usual = cut ? 0 : this.#usual + 0.2 * (unlike - this.#usual)
    return cut
  }

  save(): SceneCutsMemory {
    return { last: this.#last, usual: this.#usual }
  }

  restore({ last, usual }: SceneCutsMemory): void {
    this.#last = last
    this.#usual = usual
  }
}

function brightness({ data }: Pixels): Float32Array {
  // Indices are in range: four bytes a pixel.
  return Float32Array.from(
    { length: data.length / 4 },
    (_, i) =>
      0.3 * (data[4 * i] as number) + 0.59 * (data[4 * i + 1] as number) + 0.11 * (data[4 * i + 2] as number),
  )
}

/** Correlation, so that a flash or a fade, which lights everything alike, is no other picture. Plain areas are alike. */
function likeness(a: Float32Array, b: Float32Array): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const x = (a[i] as number) - meanA
    const y = (b[i] as number) - meanB
    ab += x * y
    aa += x * x
    bb += y * y
  }
  const floor = a.length // a deviation of 1 of 255: noise
  return (ab + floor) / Math.sqrt((aa + floor) * (bb + floor))
}

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
