/**
 * Draws in plain memory and presents with one `putImageData`. The oracle in tests, and the compositor of machines
 * whose GPU is software.
 *
 * The canvas is opaque and kept in memory. Of the ways to present 30 frames of 640×480 a second (Chromium 156, 2 cores, software GPU;
 * processor time of all browser processes per frame): opaque in memory 9 ms, with alpha 13 ms, a GPU canvas 19 to
 * 28 ms, ImageBitmap 21 ms, WebGPU 20 ms.
 */
import { createPixels, type Pixels } from '../../../models/pixels'
import type { Compositor, Plate } from '../compositor'
import type { Layer, Overlay } from '../layer'
import { badgeBounds, splitPx } from '../shown'
import { CpuPlate, type CropBuffers } from './cpu-plate'
import { drawMesh, drawVeil, layOver, mirrorRows } from './overlay'
import { rasterise } from './rasterise'
import { FrameReader } from './read-frame'

export class CpuCompositor implements Compositor {
  readonly kind = 'cpu'
  readonly #context: OffscreenCanvasRenderingContext2D
  readonly #meshEdges: Uint16Array
  readonly #reader = new FrameReader()
  readonly #crops: CropBuffers = new Map()
  #picture: Pixels = createPixels(0, 0)
  #image: ImageData | undefined
  #badge: { readonly image: ImageBitmap; readonly pixels: Pixels } | undefined
  #copies = 0

  /** The canvas becomes a 2-D one for good. `meshEdges`: pairs of landmark numbers, see `meshEdges()`. */
  constructor(canvas: OffscreenCanvas, meshEdges: Uint16Array) {
    const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false })
    if (!context) throw new Error('This canvas cannot be drawn on in 2-D.')
    this.#context = context
    this.#meshEdges = meshEdges
  }

  async take(frame: VideoFrame): Promise<Plate> {
    try {
      this.#copies++ // where the camera's frame lay cannot be known
      return new CpuPlate(await this.#reader.read(frame), this.#reader, this.#crops)
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
    if (!(plate instanceof CpuPlate)) throw new TypeError('This plate belongs to another compositor.')
    const picture = this.#pictureFor(plate.width, plate.height)
    if (overlay.veil) drawVeil(plate.pixels, picture)
    else picture.data.set(plate.pixels.data)
    this.#drawResult(plate.pixels, layers, overlay, picture)
    if (overlay.mirror) mirrorRows(picture)
    if (overlay.badge) this.#drawBadge(overlay.badge, picture)
    if (show) this.#present()
  }

  async snapshot(): Promise<Blob> {
    if (!this.#image) throw new Error('Nothing was drawn yet.')
    return this.#context.canvas.convertToBlob({ type: 'image/png' })
  }

  async pixels(): Promise<Pixels> {
    if (!this.#image) throw new Error('Nothing was drawn yet.')
    return this.#picture
  }

  takeCopies(): number {
    const copies = this.#copies
    this.#copies = 0
    return copies
  }

  /** Layers and lines, on the shown side of the split only. The picture is not mirrored yet. */
  #drawResult(plate: Pixels, layers: readonly Layer[], overlay: Overlay, picture: Pixels): void {
    const { width, height } = picture
    const from = { pixels: plate, x: 0, y: 0 }
    const onto = { pixels: picture, x: 0, y: 0 }
    for (const layer of layers) rasterise(from, layer, onto)
    for (const landmarks of overlay.meshes) drawMesh(picture, landmarks, this.#meshEdges)

    const kept = overlay.veil ? 0 : splitPx(overlay.split, width)
    if (kept === 0 || (layers.length === 0 && overlay.meshes.length === 0)) return
    const left = overlay.mirror ? width - kept : 0
    for (let y = 0; y < height; y++) {
      const start = (y * width + left) * 4
      picture.data.set(plate.data.subarray(start, start + kept * 4), start)
    }
  }

  #drawBadge({ image, corner }: NonNullable<Overlay['badge']>, picture: Pixels): void {
    if (this.#badge?.image !== image) this.#badge = { image, pixels: pixelsOf(image) }
    const { pixels } = this.#badge
    const { x, y } = badgeBounds(pixels, corner, picture.width, picture.height)
    layOver(pixels, picture, x, y)
  }

  #pictureFor(width: number, height: number): Pixels {
    if (this.#picture.width === width && this.#picture.height === height) return this.#picture
    this.#picture = createPixels(width, height)
    this.#image = new ImageData(this.#picture.data, width, height)
    Object.assign(this.#context.canvas, { width, height })
    return this.#picture
  }

  #present(): void {
    if (this.#image) this.#context.putImageData(this.#image, 0, 0)
    this.#copies++
  }

  [Symbol.dispose](): void {
    this.#picture = createPixels(0, 0)
    this.#image = undefined
    this.#badge = undefined
    this.#crops.clear()
  }
}

/** The pixels of a small picture, read once. */
function pixelsOf(image: ImageBitmap): Pixels {
  const { width, height } = image
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('This browser offers no 2-D drawing.')
  context.drawImage(image, 0, 0)
  return { width, height, data: new Uint8ClampedArray(context.getImageData(0, 0, width, height).data) }
}
