import { namedError } from '../rpc/named-error'

/** Longer than any single step takes, on a slow machine and with a large picture. */
const PATIENCE_MS = 60_000

/** Notices that work has stopped moving: a decoder, encoder or driver that neither answers nor fails. */
export class Watchdog implements Disposable {
  readonly #bite: () => void
  readonly #patienceMs: number
  readonly #stalled: Promise<never>
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(patienceMs = PATIENCE_MS) {
    this.#patienceMs = patienceMs
    let reject = (_: Error): void => undefined
    this.#stalled = new Promise<never>((_, fail) => {
      reject = fail
    })
    this.#stalled.catch(() => undefined) // it may bite when nobody waits any more
    this.#bite = () => reject(namedError('StalledError', `Nothing happened for ${patienceMs / 1000} s.`))
    this.alive()
  }

  /** Something has moved. */
  alive(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#bite, this.#patienceMs)
  }

  /** As `work`, or rejects with an Error named `StalledError` once nothing was alive for too long. */
  watch<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#stalled])
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}
