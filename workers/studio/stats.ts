import type { Percentiles } from './studio-api'

/** Numbers are over the last this many frames: about five seconds. */
const WINDOW = 150

/** The last WINDOW numbers of one kind. */
class Recent {
  readonly #values = new Float64Array(WINDOW)
  #count = 0

  add(value: number): void {
    this.#values[this.#count++ % WINDOW] = value
  }

  percentiles(): Percentiles {
    const sorted = this.#values.slice(0, Math.min(this.#count, WINDOW)).sort()
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
  }
}

/** Milliseconds per stage, frames shown, latency: what the strip under the picture and the bench read. */
export class StudioStats {
  readonly #stages = new Map<string, Recent>()
  readonly #latency = new Recent()
  readonly #shownAtMs: number[] = []
  #shown = 0
  #copies = 0

  get shown(): number {
    return this.#shown
  }

  /** Runs a stage and notes how long it took. */
  async time<T>(stage: string, work: () => Promise<T> | T): Promise<T> {
    const start = performance.now()
    const result = await work()
    this.add(stage, performance.now() - start)
    return result
  }

  add(stage: string, ms: number): void {
    let recent = this.#stages.get(stage)
    if (!recent) {
      recent = new Recent()
      this.#stages.set(stage, recent)
    }
    recent.add(ms)
  }

  /** One more frame was handed to the display. */
  frameShown(latencyMs: number, copies: number): void {
    this.#shown++
    this.#copies = copies
    this.#latency.add(latencyMs)
    const now = performance.now()
    this.#shownAtMs.push(now)
    while ((this.#shownAtMs[0] ?? now) < now - 2000) this.#shownAtMs.shift()
  }

  summary() {
    const now = performance.now()
    const recent = this.#shownAtMs.filter((ms) => ms >= now - 2000)
    const first = recent[0]
    const spanS = first === undefined ? 0 : (now - first) / 1000
    return {
      fps: spanS > 0 ? recent.length / Math.max(spanS, 0.5) : 0,
      shown: this.#shown,
      latencyMs: this.#latency.percentiles(),
      stages: Object.fromEntries([...this.#stages].map(([name, recent]) => [name, recent.percentiles()])),
      copiesPerFrame: this.#copies,
    }
  }
}
