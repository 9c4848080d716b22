/** Draws with the GPU: one render pass, one copy to the canvas and one submit per picture. */
import type { Pixels } from '../../../models/pixels'
import type { Compositor, Plate } from '../compositor'
import type { Layer, Overlay } from '../layer'
import { splitPx } from '../shown'
import type { Gpu } from './gpu'
import { type GpuPlate, type Intake, importingIntake, uploadingIntake } from './intake'
import { badgePass } from './passes/badge'
import { facePass } from './passes/face'
import { meshLinesPass } from './passes/mesh-lines'
import { platePass } from './passes/plate'
import { veilPass } from './passes/veil'
import { Picture } from './picture'
import { SourceTextures } from './source-textures'

export interface WebGpuOptions {
  /** How frames get into textures. Without it: uploaded where the GPU is software, else imported. */
  readonly intake?: 'import' | 'upload'
}

/** Who set a canvas up last: only that one takes it down. */
const owners = new WeakMap<GPUCanvasContext, WebGpuCompositor>()

export class WebGpuCompositor implements Compositor {
  readonly kind = 'webgpu'
  readonly #gpu: Gpu
  readonly #context: GPUCanvasContext
  readonly #intake: Intake
  readonly #textures: SourceTextures
  readonly #picture: Picture
  readonly #plate: ReturnType<typeof platePass>
  readonly #veil: ReturnType<typeof veilPass>
  readonly #face: ReturnType<typeof facePass>
  readonly #lines: ReturnType<typeof meshLinesPass>
  readonly #badge: ReturnType<typeof badgePass>
  readonly #taken = new WeakSet<Plate>()
  #copies = 0

  /**
   * The canvas becomes a WebGPU one for good; after a loss, a compositor with a new device may go on with it. The
   * device is not ours to end. `meshEdges`: pairs of landmark numbers, see `meshEdges()`.
   */
  constructor(canvas: OffscreenCanvas, gpu: Gpu, meshEdges: Uint16Array, options: WebGpuOptions = {}) {
    gpu.throwIfLost()
    const context = canvas.getContext('webgpu')
    if (!context) throw new Error('This canvas cannot be drawn on with WebGPU.')
    const { device } = gpu
    const format = navigator.gpu.getPreferredCanvasFormat()
    this.#picture = new Picture(gpu, context, format)
    owners.set(context, this)
    const onCopy = () => {
      this.#copies++
    }
    const { intake = gpu.adapter.software ? 'upload' : 'import' } = options
    this.#gpu = gpu
    this.#context = context
    this.#intake = intake === 'upload' ? uploadingIntake(gpu, onCopy) : importingIntake(gpu, onCopy)
    this.#textures = new SourceTextures(device, onCopy)
    this.#plate = platePass(device, format)
    this.#veil = veilPass(device, format)
    this.#face = facePass(device, format, this.#textures)
    this.#lines = meshLinesPass(device, format, meshEdges)
    this.#badge = badgePass(device, format, onCopy)
  }

  async take(frame: VideoFrame): Promise<Plate> {
    try {
      this.#gpu.throwIfLost()
      const plate = await this.#gpu.untilLost(this.#intake.take(frame))
      this.#taken.add(plate)
      return plate
    } finally {
      frame.close()
    }
  }

  async draw(
    plate: Plate,
    layers: readonly Layer[],
    overlay: Overlay,
    { show } = { show: true },
  ): Promise<void> {
    if (!this.#isOurs(plate)) throw new TypeError('This plate belongs to another compositor.')
    this.#gpu.throwIfLost()
    const { device } = this.#gpu
    const { width, height, texture } = plate
    const { mirror, veil, split, meshes, badge } = overlay
    const kept = veil ? 0 : splitPx(split, width)
    const encoder = device.createCommandEncoder({ label: 'picture' })
    const view = this.#picture.ofSize(width, height).createView()
    const pass = encoder.beginRenderPass({
      label: 'picture',
      colorAttachments: [{ view, loadOp: 'clear', storeOp: 'store' }],
    })
    const ground = veil ? this.#veil : this.#plate
    ground.encode(pass, { plate: texture, mirror })
    pass.setScissorRect(kept, 0, width - kept, height)
    this.#face.encode(pass, { plate: texture, mirror, layers })
    this.#lines.encode(pass, { plate: texture, mirror, meshes })
    pass.setScissorRect(0, 0, width, height)
    this.#badge.encode(pass, { badge, width, height })
    pass.end()
    if (show) this.#picture.present(encoder)
    device.queue.submit([encoder.finish()])
    this.#textures.trim()
    await this.#gpu.untilLost(device.queue.onSubmittedWorkDone())
  }

  async snapshot(): Promise<Blob> {
    const pixels = await this.pixels()
    const canvas = new OffscreenCanvas(pixels.width, pixels.height)
    canvas.getContext('2d')?.putImageData(new ImageData(pixels.data, pixels.width, pixels.height), 0, 0)
    return canvas.convertToBlob({ type: 'image/png' })
  }

  async pixels(): Promise<Pixels> {
    const pixels = await this.#picture.read()
    if (!pixels) throw new Error('Nothing was drawn yet.')
    this.#copies++
    return pixels
  }

  takeCopies(): number {
    const copies = this.#copies
    this.#copies = 0
    return copies
  }

  #isOurs(plate: Plate): plate is GpuPlate {
    return this.#taken.has(plate)
  }

  [Symbol.dispose](): void {
    if (owners.get(this.#context) === this) this.#context.unconfigure()
    this.#picture[Symbol.dispose]()
    this.#plate[Symbol.dispose]()
    this.#veil[Symbol.dispose]()
    this.#face[Symbol.dispose]()
    this.#lines[Symbol.dispose]()
    this.#badge[Symbol.dispose]()
    this.#textures[Symbol.dispose]()
    this.#intake[Symbol.dispose]()
  }
}
