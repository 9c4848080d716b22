/** Older than this, the fastest delivery seen says nothing any more (clocks drift). */
const FORGET_MS = 20_000

/**
 * How old a frame is, or a piece of sound. Time stamps of devices run on clocks of their own; the fastest delivery seen
 * lately ties the two clocks together, so the age of a frame is what it took beyond that delivery, in transit and in queues.
 */
export class FrameClock {
  // Arrival minus time stamp at its smallest: in the present half of the memory, and in the half before it. One after the
  // other is forgotten, so that what is known never rests on a single, perhaps late, arrival.
  #offsetMs = Number.POSITIVE_INFINITY
  #olderMs = Number.POSITIVE_INFINITY
  #sinceMs = Number.NEGATIVE_INFINITY
  #lastStampMs = Number.NEGATIVE_INFINITY

  /** Milliseconds on performance.now()'s clock at which a frame with this time stamp would have arrived without delay. */
  dueMs(timestampUs: number, arrivedMs: number): number {
    const stampMs = timestampUs / 1000
    const offset = arrivedMs - stampMs
    // The device's clock was set back, as Chromium's microphones do a moment after they start.
    if (stampMs < this.#lastStampMs) this.#sinceMs = Number.NEGATIVE_INFINITY
    this.#lastStampMs = stampMs
    const halvesMs = arrivedMs - this.#sinceMs
    if (halvesMs > FORGET_MS / 2) {
      this.#olderMs = halvesMs > FORGET_MS ? Number.POSITIVE_INFINITY : this.#offsetMs
      this.#offsetMs = offset
      this.#sinceMs = arrivedMs
    }
    this.#offsetMs = Math.min(this.#offsetMs, offset)
    return stampMs + Math.min(this.#offsetMs, this.#olderMs)
  }
}
