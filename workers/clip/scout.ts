import type { Compositor } from '../compositor/compositor'
import type { FacesAt, LookAhead } from '../faces/look-ahead'
import type { ClipFrame, ClipReader } from '../media/clip-reader'
import { type Memory, parseMemory } from '../storage/memory'
import type { Shown } from './frame-choice'
import type { StageTimes } from './stage-times'

interface ScoutMemory extends Memory {
  readonly kind: 'scout-1'
  /** How many frames were looked at. */
  readonly seen: number
  /** Known already, asked for by nobody yet. */
  readonly ready: readonly FacesAt[]
  readonly ahead: unknown
}

export interface ScoutParts {
  readonly reader: ClipReader
  /** The frames to look at, in order. */
  readonly frames: readonly Shown[]
  readonly ahead: LookAhead
  readonly compositor: Compositor
  readonly times: StageTimes
}

/** Goes through the clip ahead of whoever draws it, and knows which faces each frame has. Holds no frame but one. */
export class Scout implements AsyncDisposable {
  readonly #parts: ScoutParts
  readonly #life = new AbortController()
  readonly #ready: FacesAt[]
  #pictures: AsyncGenerator<ClipFrame, void, void> | undefined
  #seen: number
  #hasEnded = false

  /** `memory`: where another scout of the same frames left off. */
  constructor(parts: ScoutParts, memory: unknown) {
    this.#parts = parts
    const saved = memory === undefined ? undefined : parseMemory<ScoutMemory>(memory, 'scout-1')
    this.#seen = saved?.seen ?? 0
    this.#ready = [...(saved?.ready ?? [])]
    if (saved) parts.ahead.restore(saved.ahead)
  }

  /** The faces of the next frame, in order. */
  async next(): Promise<FacesAt> {
    for (;;) {
      const known = this.#ready.shift()
      if (known) return known
      await this.#look()
    }
  }

  async #look(): Promise<void> {
    const { frames, ahead, compositor, times, reader } = this.#parts
    const [shown, last] = [frames[this.#seen], frames.at(-1)]
    if (!shown || !last) {
      if (this.#hasEnded) throw new Error('There are no more frames to look at.')
      this.#hasEnded = true
      this.#ready.push(...ahead.end())
      return
    }
    this.#pictures ??= reader.frames(shown.timeS, last.timeS + last.durationS, this.#life.signal)
    const { value } = await times.time('decode', () => this.#pictures?.next() ?? Promise.reject())
    if (!value) throw new Error(`The frame at ${shown.timeS} s is missing.`)
    using plate = await times.time('take', () => compositor.take(value.frame))
    this.#ready.push(...(await ahead.add(plate, value.timeS * 1000, times.add)))
    this.#seen++
  }

  /** Not while `next` is at work. */
  save(): unknown {
    const memory: ScoutMemory = {
      kind: 'scout-1',
      seen: this.#seen,
      ready: [...this.#ready],
      ahead: this.#parts.ahead.save(),
    }
    return memory
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort()
    await this.#pictures?.return().catch(() => undefined)
  }
}
