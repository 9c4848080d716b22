import type { Pixels } from '../../models/pixels'
import { I420Converter } from '../media/i420'

/** Encoders want even sizes. */
const even = (size: number): number => size + (size % 2)

/**
 * Makes frames of one size of all pictures of a recording. The first picture sets the size; later ones of another size (a
 * phone was turned, another camera chosen) are fitted into it, with black beside them: one recording stays one file.
 */
export class Framer {
  readonly width: number // px
  readonly height: number
  readonly #first: { readonly width: number; readonly height: number }
  readonly #converter: I420Converter
  #fitted: OffscreenCanvasRenderingContext2D | undefined

  constructor(first: { readonly width: number; readonly height: number }) {
    this.#first = first
    this.width = even(first.width)
    this.height = even(first.height)
    this.#converter = new I420Converter(this.width, this.height)
  }

  /** A frame of its own memory; the caller closes it. */
  frame(pixels: Pixels, timestampUs: number): VideoFrame {
    const { width, height } = this.#first
    const fits = pixels.width === width && pixels.height === height
    return this.#converter.frame(fits ? pixels : this.#fit(pixels), timestampUs, 0)
  }

  #fit({ data, width, height }: Pixels): Pixels {
    this.#fitted ??= this.#newContext()
    const context = this.#fitted
    const picture = new OffscreenCanvas(width, height)
    picture.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0)
    const scale = Math.min(this.width / width, this.height / height)
    context.fillRect(0, 0, this.width, this.height)
    context.drawImage(
      picture,
      (this.width - width * scale) / 2,
      (this.height - height * scale) / 2,
      width * scale,
      height * scale,
    )
    const fitted = context.getImageData(0, 0, this.width, this.height)
    return { width: this.width, height: this.height, data: new Uint8ClampedArray(fitted.data) }
  }

  #newContext(): OffscreenCanvasRenderingContext2D {
    const context = new OffscreenCanvas(this.width, this.height).getContext('2d', {
      alpha: false,
      willReadFrequently: true,
    })
    if (!context) throw new Error('This browser offers no 2-D drawing.')
    context.imageSmoothingQuality = 'high'
    return context
  }
}
