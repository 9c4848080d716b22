import type { Face } from '../faces/face'
import type { Gate } from './gate'
import { FrameClock } from './latency'
import { StudioStats } from './stats'

/** What is known about the frames of one feed, from its first to its last. */
export class FeedRun {
  readonly gate: Gate
  readonly stats = new StudioStats()
  readonly clock = new FrameClock()
  frame = { width: 0, height: 0 }
  /** The faces in the last frame, and which of them were swapped. */
  faces: readonly Face[] = []
  swappedIds: readonly number[] = []
  /** A swap was shown in this feed. */
  swapped = false
  #lastUs = Number.NEGATIVE_INFINITY
  #shiftUs = 0

  constructor(gate: Gate) {
    this.gate = gate
  }

  /** Time that only ever moves forward: a video that loops starts its time stamps again. */
  timeMs(timestampUs: number): number {
    if (timestampUs + this.#shiftUs <= this.#lastUs) this.#shiftUs = this.#lastUs + 33_000 - timestampUs
    this.#lastUs = timestampUs + this.#shiftUs
    return this.#lastUs / 1000
  }
}
