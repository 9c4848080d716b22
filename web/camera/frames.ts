/** A track or a playing video becomes a feed of frames for a worker, by whichever way the browser offers. */

export interface FrameFeed {
  /** To be transferred to the studio thread. A port is posted one VideoFrame, answers 'more', and hears null at the end. */
  readonly payload: ReadableStream<VideoFrame> | MessagePort
  /**
   * Stops the feed; the track or the video stays with whoever opened it. Resolves when no frame is on its way any more: one
   * that arrives at a closed door would be closed by nobody.
   */
  end(): Promise<void>
}

/** A studio thread that does not answer for this long is not waited for. */
const PATIENCE_MS = 300

/**
 * Chromium's MediaStreamTrackProcessor hands its frames to the worker without the page ever seeing one. Elsewhere a
 * muted video plays the track and each picture it presents is posted.
 */
export function framesOfTrack(track: MediaStreamTrack): FrameFeed {
  if (window.MediaStreamTrackProcessor) {
    // Queue depth 1: a frame that waited is an old frame. A clone lets the feed end while the camera stays open.
    const clone = track.clone()
    const { readable } = new window.MediaStreamTrackProcessor({ track: clone, maxBufferSize: 1 })
    return { payload: readable, end: async () => clone.stop() }
  }
  const video = hiddenVideo()
  video.srcObject = new MediaStream([track])
  const feed = framesOfVideo(video)
  video.play().catch(() => undefined) // interrupted by a new feed or by its end: nothing to say
  return {
    payload: feed.payload,
    async end() {
      await feed.end()
      video.srcObject = null
      video.remove()
    },
  }
}

/** What a playing video presents. While the worker is busy, pictures pass unseen: the next one is the newest. */
export function framesOfVideo(video: HTMLVideoElement): FrameFeed {
  const { port1, port2 } = new MessageChannel()
  let onItsWay = false
  let ended = false
  let arrived = () => {}
  port1.onmessage = () => {
    onItsWay = false
    arrived()
  }
  const post = () => {
    if (ended) return
    if (!onItsWay && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth > 0) {
      const frame = new VideoFrame(video, { timestamp: Math.round(performance.now() * 1000) })
      onItsWay = true
      port1.postMessage(frame, [frame])
    }
    video.requestVideoFrameCallback(post)
  }
  video.requestVideoFrameCallback(post)
  return {
    payload: port2,
    async end() {
      ended = true
      if (onItsWay) {
        await new Promise<void>((resolve) => {
          arrived = resolve
          setTimeout(resolve, PATIENCE_MS)
        })
      }
      port1.postMessage(null)
    },
  }
}

/** In the document, because some browsers let no other video play; out of sight. */
export function hiddenVideo(): HTMLVideoElement {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.className = 'off-screen'
  video.setAttribute('aria-hidden', 'true')
  video.tabIndex = -1
  document.body.append(video)
  return video
}
