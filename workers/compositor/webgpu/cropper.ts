import type { Affine } from '../../../models/affine'
import { createPixels, type Pixels } from '../../../models/pixels'
import type { Gpu } from './gpu'
import { cropPass } from './passes/crop'

/** What cutting squares of one size needs. */
interface Cut {
  readonly texture: GPUTexture
  readonly readBack: GPUBuffer
  readonly bytesPerRow: number
  readonly out: Pixels
}

/** Cuts small squares out of textures and brings them down to plain memory. Only those: never a whole frame. */
export class Cropper implements Disposable {
  readonly #gpu: Gpu
  readonly #pass: ReturnType<typeof cropPass>
  readonly #cuts = new Map<number, Cut>()
  #turn: Promise<unknown> = Promise.resolve() // the read-back buffer serves one crop at a time

  constructor(gpu: Gpu) {
    this.#gpu = gpu
    this.#pass = cropPass(gpu.device)
  }

  /** As `Plate.crop`. */
  crop(plate: GPUTexture, frameToCrop: Affine, size: number): Promise<Pixels> {
    const result = this.#turn.then(() => this.#crop(plate, frameToCrop, size))
    this.#turn = result.catch(() => undefined) // the caller hears of it
    return result
  }

  async #crop(plate: GPUTexture, frameToCrop: Affine, size: number): Promise<Pixels> {
    this.#gpu.throwIfLost()
    const { device } = this.#gpu
    const { texture, readBack, bytesPerRow, out } = this.#cutOf(size)
    const encoder = device.createCommandEncoder({ label: 'crop' })
    this.#pass.encode(encoder, plate, frameToCrop, texture)
    encoder.copyTextureToBuffer({ texture }, { buffer: readBack, bytesPerRow }, [size, size])
    device.queue.submit([encoder.finish()])
    await this.#gpu.untilLost(readBack.mapAsync(GPUMapMode.READ))
    const mapped = new Uint8Array(readBack.getMappedRange())
    for (let y = 0; y < size; y++)
      out.data.set(mapped.subarray(y * bytesPerRow, y * bytesPerRow + size * 4), y * size * 4)
    readBack.unmap()
    return out
  }

  #cutOf(size: number): Cut {
    const known = this.#cuts.get(size)
    if (known) return known
    const { device } = this.#gpu
    const bytesPerRow = Math.ceil((size * 4) / 256) * 256 // what copies from textures ask for
    const cut = {
      texture: device.createTexture({
        label: 'crop',
        size: [size, size],
        format: 'rgba8unorm',
        usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
      }),
      readBack: device.createBuffer({
        label: 'crop',
        size: bytesPerRow * size,
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      }),
      bytesPerRow,
      out: createPixels(size, size),
    }
    this.#cuts.set(size, cut)
    return cut
  }

  [Symbol.dispose](): void {
    this.#pass[Symbol.dispose]()
    for (const { texture, readBack } of this.#cuts.values()) {
      texture.destroy()
      readBack.destroy()
    }
  }
}
