/** Small pictures of files for lists, made with what the page itself can decode; undefined where that is not enough. */
import { hiddenVideo } from '../camera/frames'

const LONG_SIDE = 160 // px
const PATIENCE_MS = 4000

let queue: Promise<unknown> = Promise.resolve()

/** One after another: a dropped folder must not start a hundred decoders. */
export function posterOf(file: File, kind: 'clip' | 'still'): Promise<Blob | undefined> {
  const made = queue.then(() => (kind === 'still' ? ofPicture(file) : ofVideo(file))).catch(() => undefined)
  queue = made
  return made
}

async function ofPicture(file: File): Promise<Blob> {
  const picture = await createImageBitmap(file)
  try {
    return await shrink(picture, picture.width, picture.height)
  } finally {
    picture.close()
  }
}

async function ofVideo(file: File): Promise<Blob> {
  const video = hiddenVideo()
  const url = URL.createObjectURL(file)
  try {
    video.preload = 'auto'
    await new Promise<void>((resolve, reject) => {
      // Only a picture that was presented is not black. One from a little later says more than the very first.
      video.addEventListener('seeked', () => {
        if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(() => resolve())
        else resolve()
      })
      video.addEventListener('loadeddata', () => {
        video.currentTime = Math.min(1, video.duration / 3 || 0)
      })
      video.addEventListener('error', () => reject(new Error('Not a video that this page can play.')), {
        once: true,
      })
      setTimeout(() => reject(new Error('The video took too long.')), PATIENCE_MS)
      video.src = url
    })
    return await shrink(video, video.videoWidth, video.videoHeight)
  } finally {
    video.removeAttribute('src')
    video.load()
    video.remove()
    URL.revokeObjectURL(url)
  }
}

function shrink(picture: CanvasImageSource, width: number, height: number): Promise<Blob> {
  const scale = LONG_SIDE / Math.max(width, height, 1)
  const canvas = new OffscreenCanvas(Math.max(1, width * scale), Math.max(1, height * scale))
  const context = canvas.getContext('2d')
  if (!context || width === 0) throw new Error('No picture to be had.')
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 })
}
