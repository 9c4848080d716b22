/** One-time codes by which a device is let in. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const VALID_MS = 10 * 60 * 1000
const BITS = 128
/** More at once are not needed: the printed one and those of the page. The oldest goes. */
const MAX_CODES = 4

export interface PairingCode {
  readonly code: string // base64url, 128 random bits
  readonly endsMs: number
}

/** Codes in force; only their hashes are kept. */
export class PairingCodes {
  readonly #now: () => number
  #codes: { readonly hash: Buffer; readonly endsMs: number }[] = []

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  make(): PairingCode {
    const code = randomBytes(BITS / 8).toString('base64url')
    const endsMs = this.#now() + VALID_MS
    this.#codes = [...this.#alive(), { hash: sha256(code), endsMs }].slice(-MAX_CODES)
    return { code, endsMs }
  }

  /** True once for a code in force. Takes the same time whatever was guessed. */
  redeem(code: string): boolean {
    const hash = sha256(code)
    const alive = this.#alive()
    const matches = alive.map((known) => timingSafeEqual(known.hash, hash))
    this.#codes = alive.filter((_, i) => !matches[i])
    return matches.includes(true)
  }

  #alive() {
    return this.#codes.filter(({ endsMs }) => endsMs > this.#now())
  }
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
