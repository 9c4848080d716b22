/** Older than this, the fastest delivery seen says nothing any more (clocks drift). */
const FORGET_MS = 20_000

/**
 * How old a frame is. Camera time stamps run on a clock of their own; the fastest delivery seen lately ties the two clocks
 * together, so the age of a frame is what it took beyond that delivery, in transit and in queues.
 */
export class FrameClock {
  #offsetMs = Number.POSITIVE_INFINITY // arrival minus time stamp, at its smallest
  #setMs = 0

  /** Milliseconds on performance.now()'s clock at which a frame with this time stamp would have arrived without delay. */
  dueMs(timestampUs: number, arrivedMs: number): number {
    const offset = arrivedMs - timestampUs / 1000
    if (offset <= this.#offsetMs || arrivedMs - this.#setMs > FORGET_MS) {
      this.#offsetMs = offset
      this.#setMs = arrivedMs
    }
    return timestampUs / 1000 + this.#offsetMs
  }
}
