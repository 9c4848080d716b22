import type { Affine } from '../../../models/affine'
import { createPixels, type Pixels } from '../../../models/pixels'
import type { Plate } from '../compositor'
import { cropPixels } from './crop'
import type { FrameReader } from './read-frame'

/** Results of crops by their size, lent until the next one of that size. */
export type CropBuffers = Map<number, Pixels>

/** A frame whose pixels are in plain memory. The frame itself is closed as soon as they are there. */
export class CpuPlate implements Plate {
  readonly pixels: Pixels
  readonly #reader: FrameReader
  readonly #crops: CropBuffers
  #disposed = false

  constructor(pixels: Pixels, reader: FrameReader, crops: CropBuffers) {
    this.pixels = pixels
    this.#reader = reader
    this.#crops = crops
  }

  get width(): number {
    return this.pixels.width
  }

  get height(): number {
    return this.pixels.height
  }

  async crop(frameToCrop: Affine, size: number): Promise<Pixels> {
    const out = this.#crops.get(size) ?? createPixels(size, size)
    this.#crops.set(size, out)
    cropPixels(this.pixels, frameToCrop, out)
    return out
  }

  [Symbol.dispose](): void {
    if (!this.#disposed) this.#reader.giveBack(this.pixels)
    this.#disposed = true
  }
}
