/** How much of something each asker gets: a bucket that holds a burst and fills up again with time. */

export interface Rate {
  /** What can be taken at once from a full bucket. */
  readonly burst: number
  readonly perSecond: number
}

/** With more askers than this, those who have taken least are forgotten. */
const MAX_BUCKETS = 10_000

/** Sums of fractions are not exact. */
const EPSILON = 1e-6

interface Bucket {
  left: number
  atMs: number
}

/** Buckets by asker, all of one rate. */
export class Rates {
  readonly #rate: Rate
  readonly #now: () => number
  readonly #buckets = new Map<string, Bucket>()

  constructor(rate: Rate, now: () => number = Date.now) {
    this.#rate = rate
    this.#now = now
  }

  /** Takes `amount`; where there is not enough left it takes nothing and says how many milliseconds are to wait. */
  take(asker: string, amount = 1): number {
    const bucket = this.#filled(asker)
    const missing = amount - bucket.left
    if (missing > EPSILON) return Math.ceil((missing / this.#rate.perSecond) * 1000 - EPSILON)
    bucket.left -= amount
    return 0
  }

  /** Gives back what was taken and not used; less than nothing takes more, and may leave a debt. */
  giveBack(asker: string, amount: number): void {
    const bucket = this.#filled(asker)
    bucket.left = Math.min(this.#rate.burst, bucket.left + amount)
  }

  #filled(asker: string): Bucket {
    const { burst, perSecond } = this.#rate
    const nowMs = this.#now()
    const bucket = this.#buckets.get(asker) ?? { left: burst, atMs: nowMs }
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, nowMs - bucket.atMs) / 1000) * perSecond)
    bucket.atMs = nowMs
    this.#buckets.set(asker, bucket)
    if (this.#buckets.size > MAX_BUCKETS) this.#forget()
    return bucket
  }

  /** Half of them, the fullest first: a full bucket is as good as none. */
  #forget(): void {
    const byLeft = [...this.#buckets].sort(([, a], [, b]) => b.left - a.left)
    for (const [asker] of byLeft.slice(0, MAX_BUCKETS / 2)) this.#buckets.delete(asker)
  }
}
