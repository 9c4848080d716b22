import type { JobProgress } from './clip-job'

/** Speed is that of about this long. */
const RECENT_MS = 4000
/** How quickly the time left follows changes of speed. */
const SMOOTHING_MS = 8000

/** What share of a job converting an odd format is, and finishing the file. */
export interface Shares {
  readonly reading: number
  readonly finishing: number
}

/** From what happens in a job to what a person wants to know: how far, how fast, how long still. */
export class Progress {
  readonly #clock: () => number
  #shares: Shares = { reading: 0, finishing: 0.05 }
  #total = 0
  #frames = 0
  /** When recent frames were done. */
  #recent: { readonly ms: number; readonly frames: number }[] = []
  #isFirst = true
  #msPerFrame: number | undefined
  #lastMs = 0
  #phase: { readonly name: JobProgress['phase']; readonly startMs: number; readonly from: number } | undefined

  /** `clock`: milliseconds. */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock
  }

  reading(done: number): JobProgress {
    this.#shares = { ...this.#shares, reading: 0.2 }
    return this.#at('reading', done, this.#leftOfPhase('reading', done))
  }

  /** The frames begin; `frames` of `total` were done earlier. `finishing`: the share of the whole for that. */
  begin(frames: number, total: number, finishing: number): JobProgress {
    this.#shares = { ...this.#shares, finishing }
    this.#total = total
    this.#frames = frames
    this.#lastMs = this.#clock()
    this.#recent = [{ ms: this.#lastMs, frames }]
    this.#isFirst = true
    return this.#swapping()
  }

  /** One more frame is done. */
  frame(): JobProgress {
    this.#frames++
    const now = this.#clock()
    // Before the first one models are loaded and the search for faces runs ahead: that says nothing about the others.
    if (this.#isFirst) this.#recent = []
    this.#isFirst = false
    this.#recent.push({ ms: now, frames: this.#frames })
    while (this.#recent.length > 2 && (this.#recent[0]?.ms ?? now) < now - RECENT_MS) this.#recent.shift()
    const fps = this.#fps
    if (fps > 0 && this.#recent.length > 5) {
      const follow = 1 - Math.exp(-(now - this.#lastMs) / SMOOTHING_MS)
      this.#msPerFrame ??= 1000 / fps
      this.#msPerFrame += follow * (1000 / fps - this.#msPerFrame)
    }
    this.#lastMs = now
    return this.#swapping()
  }

  finishing(done: number): JobProgress {
    return this.#at('finishing', done, this.#leftOfPhase('finishing', done))
  }

  #swapping(): JobProgress {
    const left = this.#total - this.#frames
    const isKnown = this.#msPerFrame !== undefined && this.#recent.length > 5
    const swapS = isKnown ? (left * (this.#msPerFrame ?? 0)) / 1000 : undefined
    // Finishing is as much slower or faster than swapping as its share says.
    const { reading, finishing } = this.#shares
    const all = swapS !== undefined && this.#total > 0 ? (swapS / Math.max(1, left)) * this.#total : 0
    const finishS = (all * finishing) / Math.max(0.01, 1 - reading - finishing)
    const done = this.#total > 0 ? this.#frames / this.#total : 0
    return this.#at('swapping', done, swapS === undefined ? undefined : swapS + finishS)
  }

  /** By how long the phase took so far. */
  #leftOfPhase(name: JobProgress['phase'], done: number): number | undefined {
    const now = this.#clock()
    if (this.#phase?.name !== name) this.#phase = { name, startMs: now, from: done }
    const { startMs, from } = this.#phase
    if (name === 'reading' || done - from < 0.02) return undefined // how long swapping will take is not known then
    return ((now - startMs) / 1000 / (done - from)) * (1 - done)
  }

  get #fps(): number {
    const [first, last] = [this.#recent[0], this.#recent.at(-1)]
    if (!first || !last || last.ms <= first.ms) return 0
    return ((last.frames - first.frames) * 1000) / (last.ms - first.ms)
  }

  #at(phase: JobProgress['phase'], share: number, leftS: number | undefined): JobProgress {
    const { reading, finishing } = this.#shares
    const swapping = 1 - reading - finishing
    const clamped = Math.min(1, Math.max(0, share))
    const done = {
      reading: reading * clamped,
      swapping: reading + swapping * clamped,
      finishing: reading + swapping + finishing * clamped,
    }
    return {
      phase,
      done: Math.min(1, done[phase]),
      frames: this.#frames,
      totalFrames: this.#total,
      fps: this.#fps,
      leftS,
    }
  }
}
