import type { Pixels } from '../../models/pixels'
import type { SegmentWriter } from '../media/segment-writer'
import type { Shown } from './frame-choice'
import type { Journal } from './journal'

export interface SegmentsOptions {
  readonly journal: Journal
  /** How many frames a segment has; the last one may have fewer. */
  readonly frames: number
  open(file: FileSystemFileHandle): Promise<SegmentWriter>
}

/**
 * Cuts a stream of frames into segments, each with an encoder and a file of its own. While one is being finished the
 * next is already written to. Disposing throws away what is not finished.
 */
export class Segments implements AsyncDisposable {
  readonly #options: SegmentsOptions
  #writer: SegmentWriter | undefined
  #index: number
  #count = 0
  #sealing: Promise<void> = Promise.resolve()

  constructor(options: SegmentsOptions) {
    this.#options = options
    this.#index = options.journal.segments
  }

  /** Resolves when the pixels may change and more may come. */
  async add(pixels: Pixels, { timeS, durationS }: Shown): Promise<void> {
    this.#writer ??= await this.#options.open(await this.#options.journal.fileOf(this.#index))
    this.#count++
    await this.#writer.add(pixels, timeS, durationS)
  }

  get isFull(): boolean {
    return this.#count >= this.#options.frames
  }

  /**
   * The segment is complete, and this is what the next frame depends on. It counts once its file is closed; resolves
   * when that is so for the segments before.
   */
  async seal(memory: unknown): Promise<void> {
    const [writer, count, before] = [this.#writer, this.#count, this.#sealing]
    if (!writer) return before
    this.#writer = undefined
    this.#count = 0
    this.#index++
    this.#sealing = this.#finish(writer, count, memory, before)
    this.#sealing.catch(() => undefined) // whoever waits for the next one hears of it
    await before
  }

  async #finish(writer: SegmentWriter, count: number, memory: unknown, before: Promise<void>): Promise<void> {
    await using finishing = writer
    await finishing.finish()
    await before
    await this.#options.journal.commit(count, memory)
  }

  /** Resolves when every sealed segment counts. */
  complete(): Promise<void> {
    return this.#sealing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sealing.catch(() => undefined)
    await this.#writer?.[Symbol.asyncDispose]()
  }
}
