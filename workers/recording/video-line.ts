import type { Pixels } from '../../models/pixels'
import type { Framer } from './framer'
import type { Movie } from './movie'

/** Between two frames at least; containers count in milliseconds. */
const FRAME_GAP_S = 0.002

/** The frames of a recording, in order of time. */
export class VideoLine implements Disposable {
  readonly #movie: Movie
  readonly #framer: Framer
  #held: VideoFrame | undefined // the last one, to be shown on
  #lastS = -FRAME_GAP_S
  #dropped = 0

  constructor(movie: Movie, framer: Framer) {
    this.#movie = movie
    this.#framer = framer
  }

  /** When the last frame is shown, seconds; negative before the first. */
  get lastS(): number {
    return this.#lastS
  }

  /** Frames passed over because the encoder was behind. */
  get dropped(): number {
    return this.#dropped
  }

  /** The pixels are copied before it first waits; resolves when the next picture may come. */
  async add(pixels: Pixels, timeS: number): Promise<void> {
    const atS = Math.max(timeS, this.#lastS + FRAME_GAP_S)
    if (this.#movie.isBehind(atS)) {
      this.#dropped++
      return
    }
    this.#held?.close()
    this.#held = this.#framer.frame(pixels, Math.round(atS * 1e6))
    this.#lastS = atS
    await this.#movie.addFrame(this.#held)
  }

  /** Shows the last frame on, at least until this moment. */
  async hold(timeS: number): Promise<void> {
    if (!this.#held || timeS < this.#lastS + FRAME_GAP_S || this.#movie.isBehind(timeS)) return
    using again = disposable(new VideoFrame(this.#held, { timestamp: Math.round(timeS * 1e6) }))
    this.#lastS = timeS
    await this.#movie.addFrame(again.frame)
  }

  [Symbol.dispose](): void {
    this.#held?.close()
    this.#held = undefined
  }
}

const disposable = (frame: VideoFrame) => ({ frame, [Symbol.dispose]: () => frame.close() })
