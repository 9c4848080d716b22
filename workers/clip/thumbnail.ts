import type { Pixels } from '../../models/pixels'

/** Longer side, px: a card's on a display with two pixels for one. */
const SIDE = 512

/** A picture small enough for a list, as JPEG. */
export async function thumbnailOf({ data, width, height }: Pixels): Promise<Blob> {
  const scale = Math.min(1, SIDE / Math.max(width, height))
  const size = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))] as const
  const whole = await createImageBitmap(new ImageData(data, width, height), {
    resizeWidth: size[0],
    resizeHeight: size[1],
    resizeQuality: 'high',
  })
  try {
    const canvas = new OffscreenCanvas(...size)
    const context = canvas.getContext('2d', { alpha: false })
    if (!context) throw new Error('This browser offers no 2-D drawing.')
    context.drawImage(whole, 0, 0)
    return await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.82 })
  } finally {
    whole.close()
  }
}
