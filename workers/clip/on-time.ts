import type { ClipFrame } from '../media/clip-reader'

/** So far behind, the clip plays slower than it should: passing over frames would show none at all. */
const GIVE_IN_MS = 300

/**
 * Frames when they are due, paced by their timestamps from the first one on. A frame whose time has passed is closed and
 * passed over. Whoever receives a frame closes it; those on the way when the signal aborts are closed here.
 */
export async function* onTime(
  frames: AsyncIterable<ClipFrame>,
  signal: AbortSignal,
): AsyncGenerator<ClipFrame, void, void> {
  let startMs: number | undefined // when the clip's second 0 would have been shown, on performance.now()'s clock
  for await (const picture of frames) {
    const { frame, timeS, durationS } = picture
    const nowMs = performance.now()
    startMs ??= nowMs - timeS * 1000
    const lateMs = nowMs - (startMs + timeS * 1000)
    if (lateMs > GIVE_IN_MS) startMs += lateMs
    else if (lateMs > durationS * 1000) {
      frame.close()
      continue
    }
    await until(startMs + timeS * 1000)
    if (signal.aborted) {
      frame.close()
      return
    }
    yield picture
  }

  function until(dueMs: number): Promise<void> {
    const waitMs = dueMs - performance.now()
    if (waitMs < 1 || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, waitMs)
      signal.addEventListener('abort', done)
    })
  }
}
