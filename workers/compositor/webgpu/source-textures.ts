import type { Pixels } from '../../../models/pixels'

/** Source faces kept on the GPU: as many as can be in one picture, and a few more that may come back. */
const KEPT = 6

/** The textures of source faces, uploaded once each. */
export class SourceTextures implements Disposable {
  readonly #device: GPUDevice
  readonly #onUpload: () => void
  readonly #textures = new Map<Pixels, GPUTexture>() // the one used last comes last

  constructor(device: GPUDevice, onUpload: () => void) {
    this.#device = device
    this.#onUpload = onUpload
  }

  /** Call `trim` when the picture that needed them is submitted. */
  of(pixels: Pixels): GPUTexture {
    const texture = this.#textures.get(pixels) ?? this.#upload(pixels)
    this.#textures.delete(pixels)
    this.#textures.set(pixels, texture)
    return texture
  }

  /** Lets go of what was not used for longest. */
  trim(): void {
    for (const [pixels, texture] of this.#textures) {
      if (this.#textures.size <= KEPT) return
      texture.destroy()
      this.#textures.delete(pixels)
    }
  }

  #upload({ width, height, data }: Pixels): GPUTexture {
    const texture = this.#device.createTexture({
      label: 'source face',
      size: [width, height],
      format: 'rgba8unorm',
      usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
    })
    this.#device.queue.writeTexture({ texture }, data, { bytesPerRow: width * 4 }, [width, height])
    this.#onUpload()
    return texture
  }

  [Symbol.dispose](): void {
    for (const texture of this.#textures.values()) texture.destroy()
    this.#textures.clear()
  }
}
