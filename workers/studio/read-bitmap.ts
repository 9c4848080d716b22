import type { Pixels } from '../../models/pixels'

/** The pixels of a bitmap, which is closed. */
export function readBitmap(image: ImageBitmap): Pixels {
  try {
    const { width, height } = image
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
    if (!context) throw new Error('No 2-D canvas to be had.')
    context.drawImage(image, 0, 0)
    return { width, height, data: new Uint8ClampedArray(context.getImageData(0, 0, width, height).data) }
  } finally {
    image.close()
  }
}
