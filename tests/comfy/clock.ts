/** Time as the stand-in's nodes feel it, so that a test can let it pass by hand. */
export interface Clock {
  now(): number
  /** Rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** The machine's own time. Sleeping for nothing still lets others have a turn. */
export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      if (ms <= 0) return void setImmediate(resolve)
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop)
        resolve()
      }, ms)
      const stop = () => {
        clearTimeout(timer)
        reject(signal.reason)
      }
      signal.addEventListener('abort', stop, { once: true })
    }),
}

/** A clock that stands still until it is told to go on: for replaying what was recorded, whatever the machine's speed. */
export class ManualClock implements Clock {
  #now = 0
  #sleepers: { readonly ms: number; readonly wake: () => void }[] = []

  get isAsleep(): boolean {
    return this.#sleepers.length > 0
  }

  /** How long the next one to wake sleeps. */
  get nextMs(): number {
    return this.#sleepers[0]?.ms ?? 0
  }

  now(): number {
    return this.#now
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const stop = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
        reject(signal.reason)
      }
      const wake = () => {
        signal.removeEventListener('abort', stop)
        resolve()
      }
      const sleeper = { ms, wake }
      this.#sleepers.push(sleeper)
      signal.addEventListener('abort', stop, { once: true })
    })
  }

  /** Lets everyone who sleeps wake up, each after its own time. */
  tick(): void {
    const sleepers = this.#sleepers
    this.#sleepers = []
    for (const { ms, wake } of sleepers) {
      this.#now += ms
      wake()
    }
  }
}

/** A clock that a test can stop. */
export class HeldClock implements Clock {
  readonly #clock: Clock
  #isHeld = false
  readonly #waiting = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now()
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(ms, signal)
    while (this.#isHeld) {
      await new Promise<void>((resolve) => {
        const go = () => {
          signal.removeEventListener('abort', go)
          this.#waiting.delete(go)
          resolve()
        }
        this.#waiting.add(go)
        signal.addEventListener('abort', go, { once: true })
      })
      signal.throwIfAborted()
    }
  }

  hold(): { release(): void } {
    this.#isHeld = true
    return {
      release: () => {
        this.#isHeld = false
        for (const go of [...this.#waiting]) go()
      },
    }
  }
}
