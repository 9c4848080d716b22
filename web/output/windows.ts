/** The ways to see the picture elsewhere: full screen, picture in picture, a window of its own. */
import { hiddenVideo } from '../camera/frames'
import { problem } from '../words/errors'
import type { OutputStream } from './output-stream'

/** The element that goes full screen; there is one stage. */
const STAGE = 'stage'

export async function fullScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen()
  else await document.getElementById(STAGE)?.requestFullscreen({ navigationUI: 'hide' })
}

export const canFullScreen = document.fullscreenEnabled
export const canPictureInPicture = document.pictureInPictureEnabled

let floating: HTMLVideoElement | undefined

/** A small window above all others; a second call closes it. */
export async function pictureInPicture(output: OutputStream): Promise<void> {
  if (document.pictureInPictureElement) return document.exitPictureInPicture()
  if (!canPictureInPicture || floating) return
  const video = hiddenVideo()
  const unwatch = output.watch()
  const end = () => {
    unwatch()
    video.srcObject = null
    video.remove()
    floating = undefined
  }
  floating = video
  try {
    video.srcObject = output.stream
    await video.play()
    await video.requestPictureInPicture()
    video.addEventListener('leavepictureinpicture', end, { once: true })
  } catch {
    end()
    throw problem('NothingShownError')
  }
}

/** A clean window for a second screen or for OBS to capture. It takes the stream from this page's scripting handle. */
export function openOutputWindow(): void {
  window.open('/output', 'understudy-output', 'popup,width=1280,height=720')
}
