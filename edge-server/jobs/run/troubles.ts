/** What went wrong with jobs lately, in this server's memory: it decides only how soon, and where, they are tried again. */

interface Trouble {
  count: number
  readonly untilMs: Map<string, number> // by the box to leave alone
}

export class Troubles {
  readonly #jobs = new Map<string, Trouble>()

  /** Remembers a failure of a job on a box and returns how often the job has failed so far. */
  add(job: string, box: string, baseMs: number): number {
    const trouble = this.#jobs.get(job) ?? { count: 0, untilMs: new Map() }
    this.#jobs.set(job, trouble)
    trouble.count += 1
    trouble.untilMs.set(box, Date.now() + backoffMs(trouble.count, baseMs))
    return trouble.count
  }

  /** Milliseconds for which the job is better not sent to the box; 0 where nothing speaks against it. */
  avoidMs(job: string, box: string): number {
    return Math.max(0, (this.#jobs.get(job)?.untilMs.get(box) ?? 0) - Date.now())
  }

  forget(job: string): void {
    this.#jobs.delete(job)
  }
}

/** How long to wait after the nth failure in a row: twice as long each time, at most 16 times. */
export const backoffMs = (failures: number, baseMs: number): number =>
  baseMs * 2 ** Math.min(Math.max(failures - 1, 0), 4)
