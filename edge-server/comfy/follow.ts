/** Follows one prompt to its end, whatever becomes of the connection on the way. */
import { isBoxTrouble, isUnreachable, unreachable } from './box-errors'
import type { BoxSocket } from './box-socket'
import type { Comfy, PromptEvent, Whereabouts } from './comfy'

interface FollowParts {
  readonly name: string
  readonly socket: BoxSocket
  readonly whereabouts: Comfy['whereabouts']
  /** A socket may stay open and silent for good (09_ws_reconnect): after this long it is opened anew. */
  readonly quietMs: number
}

const eagerMs = 30 // history follows the last message at once, but not always before it (16_history_race)
const eagerTries = 6
const calmMs = 5000 // while the socket tells what happens
const openMs = 2000 // while it is open, and quiet
const closedMs = 1000
const unknownMs = 500 // between the two times it must be unknown

export async function follow(
  { name, socket, whereabouts, quietMs }: FollowParts,
  promptId: string,
  hear: (event: PromptEvent) => void,
  { patienceMs, signal }: { readonly patienceMs: number; readonly signal: AbortSignal },
): Promise<Whereabouts & { readonly name: 'ended' | 'unknown' }> {
  const bell = new Bell()
  using _ear = socket.hear(promptId, { event: hear, stir: () => bell.ring() })
  let answeredMs = performance.now()
  let renewedMs = answeredMs
  let eager = 0
  let unknown = 0
  for (let failures = 0; ; ) {
    if (bell.take()) eager = eagerTries
    let waitMs = eager-- > 0 ? eagerMs : pollMs()
    try {
      const where = await whereabouts(promptId, signal)
      answeredMs = performance.now()
      failures = 0
      if (where.name === 'ended') return where
      if (where.name !== 'unknown') unknown = 0
      else if (++unknown > 1) return { name: 'unknown' }
      else waitMs = unknownMs
      if (where.name === 'running') renewIfSilent()
    } catch (error) {
      signal.throwIfAborted()
      if (!isBoxTrouble(error)) throw error
      if (performance.now() - answeredMs > patienceMs)
        throw isUnreachable(error) ? error : unreachable(name, 'does not answer as it should')
      waitMs = Math.min(100 * 2 ** failures++, 2000, patienceMs / 4)
    }
    await bell.wait(waitMs, signal)
  }

  function pollMs(): number {
    if (!socket.isOpen) return closedMs
    return performance.now() - socket.heardMs < 2 * calmMs ? Math.min(calmMs, quietMs) : openMs
  }
  function renewIfSilent(): void {
    const nowMs = performance.now()
    if (!socket.isOpen || nowMs - Math.max(socket.heardMs, renewedMs) < quietMs) return
    renewedMs = nowMs
    socket.renew()
  }
}

/** Wakes whoever waits; rung before, it wakes at once. */
class Bell {
  #isRung = false
  #wake = () => {}

  ring(): void {
    this.#isRung = true
    this.#wake()
  }

  /** Whether it was rung since the last time. */
  take(): boolean {
    const was = this.#isRung
    this.#isRung = false
    return was
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      if (this.#isRung) return resolve()
      const end = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', stop)
        this.#wake = () => {}
      }
      const stop = () => {
        end()
        reject(signal.reason)
      }
      const timer = setTimeout(() => this.#wake(), ms)
      this.#wake = () => {
        end()
        resolve()
      }
      signal.addEventListener('abort', stop, { once: true })
    })
  }
}
