import type { CanonicalFace } from '../../models/canonical-face'
import { type HeadCharacter, THEO } from './character'
import { headPose } from './motion'
import { createHeadRenderer, livePicture } from './render-head'

export interface DemoOptions {
  readonly character: HeadCharacter
  readonly width: number // px
  readonly height: number
  readonly fps: number
}

export const DEMO_OPTIONS: DemoOptions = { character: THEO, width: 640, height: 480, fps: 30 }

/**
 * The talking head as a camera: frames in step with the clock, the reader's to close. A frame is drawn when it is asked
 * for and due, so none ever waits in a queue, and a slow reader misses frames rather than falling behind. Ends when the
 * signal aborts or the reader cancels.
 */
export function demoFrames(
  canonical: CanonicalFace,
  { character, width, height, fps }: DemoOptions,
  signal: AbortSignal,
): ReadableStream<VideoFrame> {
  const head = createHeadRenderer(canonical, character, livePicture(width, height))
  const periodMs = 1000 / fps
  const startedMs = performance.now()
  let last = -1
  let timer: ReturnType<typeof setTimeout> | undefined
  let stop = (): void => undefined

  const source: UnderlyingDefaultSource<VideoFrame> = {
    start(controller) {
      const end = (): void => {
        stop()
        controller.close()
      }
      if (signal.aborted) return end()
      signal.addEventListener('abort', end, { once: true })
      stop = () => {
        signal.removeEventListener('abort', end)
        clearTimeout(timer)
        stop = () => undefined
      }
    },
    pull(controller) {
      const number = Math.max(last + 1, Math.ceil((performance.now() - startedMs) / periodMs))
      last = number
      const dueMs = number * periodMs
      return new Promise((resolve) => {
        timer = setTimeout(
          () => {
            const { pixels } = head.render(headPose(dueMs))
            const frame = new VideoFrame(pixels.data, {
              format: 'RGBX',
              codedWidth: width,
              codedHeight: height,
              timestamp: Math.round((startedMs + dueMs) * 1000),
              duration: Math.round(periodMs * 1000),
            })
            controller.enqueue(frame)
            resolve()
          },
          startedMs + dueMs - performance.now(),
        )
      })
    },
    cancel: () => stop(),
  }
  return new ReadableStream(source, { highWaterMark: 0 })
}
