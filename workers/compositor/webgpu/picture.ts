import { createPixels, type Pixels } from '../../../models/pixels'
import type { Gpu } from './gpu'

/**
 * The last picture drawn. It is drawn here and copied to the canvas, because what a canvas of a page shows cannot be
 * read any more once it is shown.
 */
export class Picture implements Disposable {
  readonly #gpu: Gpu
  readonly #context: GPUCanvasContext
  readonly #format: GPUTextureFormat
  #texture: GPUTexture | undefined

  constructor(gpu: Gpu, context: GPUCanvasContext, format: GPUTextureFormat) {
    context.configure({
      device: gpu.device,
      format,
      alphaMode: 'opaque',
      usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT,
    })
    this.#gpu = gpu
    this.#context = context
    this.#format = format
  }

  /** What to draw into. The canvas gets the same size. */
  ofSize(width: number, height: number): GPUTexture {
    const { canvas } = this.#context
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
    if (this.#texture?.width === width && this.#texture.height === height) return this.#texture
    this.#texture?.destroy()
    this.#texture = this.#gpu.device.createTexture({
      label: 'picture',
      size: [width, height],
      format: this.#format,
      usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
    })
    return this.#texture
  }

  /** Encodes showing it. */
  present(encoder: GPUCommandEncoder): void {
    const texture = this.#texture
    if (!texture) return
    const to = this.#context.getCurrentTexture()
    encoder.copyTextureToTexture({ texture }, { texture: to }, [texture.width, texture.height])
  }

  /** undefined when nothing was drawn yet. */
  async read(): Promise<Pixels | undefined> {
    const texture = this.#texture
    if (!texture) return undefined
    this.#gpu.throwIfLost()
    const { device } = this.#gpu
    const { width, height } = texture
    const bytesPerRow = Math.ceil((width * 4) / 256) * 256 // what copies from textures ask for
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST
    const buffer = device.createBuffer({ label: 'picture', size: bytesPerRow * height, usage })
    try {
      const encoder = device.createCommandEncoder({ label: 'read picture' })
      encoder.copyTextureToBuffer({ texture }, { buffer, bytesPerRow }, [width, height])
      device.queue.submit([encoder.finish()])
      await this.#gpu.untilLost(buffer.mapAsync(GPUMapMode.READ))
      const pixels = createPixels(width, height)
      const mapped = new Uint8Array(buffer.getMappedRange())
      for (let y = 0; y < height; y++)
        pixels.data.set(mapped.subarray(y * bytesPerRow, y * bytesPerRow + width * 4), y * width * 4)
      if (this.#format === 'bgra8unorm') exchangeRedAndBlue(pixels)
      return pixels
    } finally {
      buffer.destroy()
    }
  }

  [Symbol.dispose](): void {
    this.#texture?.destroy()
    this.#texture = undefined
  }
}

function exchangeRedAndBlue({ data }: Pixels): void {
  for (let i = 0; i < data.length; i += 4) {
    const blue = data[i] as number // in range by construction
    data[i] = data[i + 2] as number
    data[i + 2] = blue
  }
}
