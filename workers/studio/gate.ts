/** A frame and when it got here, on performance.now()'s clock. */
export interface Arrival {
  readonly frame: VideoFrame
  readonly arrivedMs: number
}

/** At most one frame at work and one waiting; the newest wins, what is passed over is closed and counted. */
export class Gate implements Disposable {
  #waiting: Arrival | undefined
  #wake: (() => void) | undefined
  #ended = false
  #dropped = 0

  get dropped(): number {
    return this.#dropped
  }

  /** Takes the frame over. */
  offer(frame: VideoFrame): void {
    if (this.#ended) {
      frame.close()
      return
    }
    if (this.#waiting) {
      this.#waiting.frame.close()
      this.#dropped++
    }
    this.#waiting = { frame, arrivedMs: performance.now() }
    this.#wake?.()
  }

  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  /** The newest frame, as soon as there is one; the caller closes it. undefined: there will be no more. */
  async next(): Promise<Arrival | undefined> {
    while (!this.#waiting && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
    const arrival = this.#ended ? undefined : this.#waiting
    if (arrival) this.#waiting = undefined
    return arrival
  }

  [Symbol.dispose](): void {
    this.end()
    this.#waiting?.frame.close()
    this.#waiting = undefined
  }
}

/** Where frames come from: a stream that was transferred, or a port on which a page posts one frame after another. */
export type FrameFeed = ReadableStream<VideoFrame> | MessagePort

/**
 * Moves frames from the feed to the gate until the feed ends or the signal aborts. A port is told 'more' for each frame
 * taken, so that the page never sends a second one before the first has arrived; it says the end with null.
 */
export async function pump(feed: FrameFeed, gate: Gate, signal: AbortSignal): Promise<void> {
  try {
    await (feed instanceof ReadableStream ? pumpStream(feed, gate, signal) : pumpPort(feed, gate, signal))
  } finally {
    gate.end()
  }
}

async function pumpStream(
  stream: ReadableStream<VideoFrame>,
  gate: Gate,
  signal: AbortSignal,
): Promise<void> {
  const reader = stream.getReader()
  const cancel = () => void reader.cancel().catch(() => undefined) // a stream that failed already cannot be cancelled
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      gate.offer(value)
    }
  } finally {
    signal.removeEventListener('abort', cancel)
    reader.releaseLock()
  }
}

function pumpPort(port: MessagePort, gate: Gate, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // The port stays open after an abort, until the other side says the end: a frame that is on its way must still be closed,
    // which the ended gate does.
    port.onmessage = ({ data }: MessageEvent<VideoFrame | null>) => {
      if (data) {
        gate.offer(data)
        if (!signal.aborted) port.postMessage('more')
        return
      }
      port.close()
      resolve()
    }
    signal.addEventListener('abort', () => resolve(), { once: true })
    if (signal.aborted) resolve()
  })
}
