import type { Box } from '../../workers/studio/studio-api'

/** A part of a picture as a file of its own. */
interface Cut {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const THUMBNAIL = { width: 480, height: 600 } // px

/** The face with room around it, 4 : 5, kept inside the picture where that is possible. */
export function portraitCut(box: Box, width: number, height: number): Cut {
  const side = Math.min(Math.max(box.width * 1.7, box.height * 1.36), width, height / 1.25)
  const cut = { width: side, height: side * 1.25 }
  const x = box.x + box.width / 2 - cut.width / 2
  const y = box.y + box.height / 2 - cut.height * 0.54 // hair needs more room than a chin
  return {
    ...cut,
    x: Math.min(Math.max(0, x), width - cut.width),
    y: Math.min(Math.max(0, y), height - cut.height),
  }
}

/** A JPEG of the face for cards and lists. The picture stays the caller's. */
export function cutThumbnail(picture: ImageBitmap, box: Box): Promise<Blob> {
  return encode(picture, portraitCut(box, picture.width, picture.height), THUMBNAIL)
}

/** The whole picture as a JPEG for the shelf. */
export function encodePicture(picture: ImageBitmap): Promise<Blob> {
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height }
  return encode(picture, whole, whole)
}

function encode(picture: ImageBitmap, cut: Cut, size: Pick<Cut, 'width' | 'height'>): Promise<Blob> {
  const canvas = new OffscreenCanvas(size.width, size.height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('No 2-D canvas to be had.')
  context.fillStyle = '#808080' // behind transparent parts
  context.fillRect(0, 0, size.width, size.height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, cut.x, cut.y, cut.width, cut.height, 0, 0, size.width, size.height)
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.94 })
}
