/**
 * The frames of a clip at a steady rate, one after another, whatever the machine's speed: the video is moved to each moment
 * and waited for. The caller closes each frame.
 */
export async function* clipFrames(url: string, fps: number, count: number): AsyncGenerator<VideoFrame> {
  const video = document.createElement('video')
  video.muted = true
  video.src = url
  await once(video, 'loadeddata')
  const frames = Math.min(count, Math.floor(video.duration * fps) - 1)
  for (let i = 0; i < frames; i++) {
    const seeked = once(video, 'seeked')
    video.currentTime = (i + 0.5) / fps // the middle of the frame's time: safe from rounding
    await seeked
    yield await inMemory(new VideoFrame(video, { timestamp: Math.round((i / fps) * 1e6) }))
  }
  video.removeAttribute('src')
  video.load()
}

const once = (target: HTMLVideoElement, event: string) =>
  new Promise<void>((resolve, reject) => {
    target.addEventListener(event, () => resolve(), { once: true })
    target.addEventListener('error', () => reject(new Error(`Cannot play ${target.src}`)), { once: true })
  })

/** The same frame in plain memory, as a camera gives it: a playing video's may lie on the GPU. Takes the frame over. */
async function inMemory(frame: VideoFrame): Promise<VideoFrame> {
  const { codedWidth, codedHeight, timestamp } = frame
  const data = new Uint8Array(frame.allocationSize({ format: 'RGBA' }))
  await frame.copyTo(data, { format: 'RGBA' })
  frame.close()
  return new VideoFrame(data, { format: 'RGBA', codedWidth, codedHeight, timestamp })
}
