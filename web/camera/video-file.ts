import { problem } from '../words/errors'
import { hiddenVideo } from './frames'

/** A video file that plays in a loop, without sound, as a source of frames. */
export interface VideoFile extends Disposable {
  readonly name: string
  readonly video: HTMLVideoElement
}

/** Ready to play. Rejects with NoVideoTrackError or VideoUndecodableError; `signal` gives up waiting. */
export async function openVideoFile(file: File, signal?: AbortSignal): Promise<VideoFile> {
  const video = hiddenVideo()
  const url = URL.createObjectURL(file)
  const close = () => {
    video.pause()
    video.removeAttribute('src')
    video.load()
    video.remove()
    URL.revokeObjectURL(url)
  }
  try {
    video.loop = true
    video.preload = 'auto'
    await loadedData(video, url, signal)
    // A file with sound alone loads well and has no picture.
    if (video.videoWidth === 0) throw problem('NoVideoTrackError')
  } catch (error) {
    close()
    throw error
  }
  return { name: file.name, video, [Symbol.dispose]: close }
}

function loadedData(video: HTMLVideoElement, url: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
    video.addEventListener('loadeddata', () => resolve(), { once: true })
    // Sound alone has data but never a picture; some browsers stop at the metadata then.
    video.addEventListener(
      'loadedmetadata',
      () => {
        if (video.videoWidth === 0) reject(problem('NoVideoTrackError'))
      },
      { once: true },
    )
    video.addEventListener('error', () => reject(problem('VideoUndecodableError')), { once: true })
    video.src = url
  })
}
