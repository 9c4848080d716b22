/** Work that must not overlap, one piece after another in the order asked for. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  /** Whoever asked hears of a failure; the next one's turn comes all the same. */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }
}
