/** Where the time of a job goes. Stages that overlap with others only count what was waited for. */
export class StageTimes {
  readonly #stages = new Map<string, { ms: number; count: number }>()

  /** Does the work and notes how long it took. */
  async time<T>(stage: string, work: () => Promise<T> | T): Promise<T> {
    const start = performance.now()
    try {
      return await work()
    } finally {
      this.add(stage, performance.now() - start)
    }
  }

  readonly add = (stage: string, ms: number): void => {
    const sum = this.#stages.get(stage) ?? { ms: 0, count: 0 }
    this.#stages.set(stage, { ms: sum.ms + ms, count: sum.count + 1 })
  }

  /** Milliseconds altogether, and how often, by stage. */
  summary(): Readonly<Record<string, StageTime>> {
    return Object.fromEntries([...this.#stages].map(([stage, sum]) => [stage, { ...sum }]))
  }
}

export interface StageTime {
  readonly ms: number
  readonly count: number
}
