/** Keeps an eye on all boxes, and hands out places on them. */
import { isBoxTrouble } from './box-errors'
import type { Box, BoxConfig, Boxes, BoxHealth, Choice, Place } from './boxes'
import type { Comfy, ObjectInfo } from './comfy'
import { openComfy } from './open-comfy'

interface BoxesOptions {
  /** Between two looks at a box that answers. One that does not is asked after as long, then after ever longer. */
  readonly healthMs?: number
  /** How old the list of a box's nodes and models may get. */
  readonly objectInfoMs?: number
  /** This server for its boxes, the same after a restart; see openComfy. */
  readonly clientId?: string
}

const longestWaitMs = 60_000

/** Asks all boxes at once, and again and again until closed. */
export function openBoxes(configs: readonly BoxConfig[], options: BoxesOptions = {}): Boxes {
  const { healthMs = 5000, objectInfoMs = 300_000, clientId } = options
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of [...listeners]) listener()
  }
  const boxes = configs.map(
    (config) => new WatchedBox(config, openComfy(config, {}, clientId), healthMs, objectInfoMs, tell),
  )
  for (const box of boxes) void box.look(false)

  return {
    get list() {
      return boxes.map((box) => box.shown)
    },
    choose(fits): Choice {
      const answering = boxes.flatMap((box) =>
        box.health.name === 'up' ? [{ box, objectInfo: box.health.objectInfo }] : [],
      )
      if (answering.length === 0) return { name: 'none' }
      const fitting = answering.filter(({ box, objectInfo }) => fits(objectInfo, box.config.name))
      if (fitting.length === 0) return { name: 'unfit' }
      const [best] = fitting
        .filter(({ box }) => box.taken < box.config.concurrency)
        .sort((a, b) => a.box.busyness - b.box.busyness || a.box.taken - b.box.taken)
      return best ? { name: 'place', place: best.box.take() } : { name: 'busy' }
    },
    at: (name) => boxes.find((box) => box.config.name === name)?.take(),
    suspect(name) {
      void boxes.find((box) => box.config.name === name)?.look(false)
    },
    async refresh(signal) {
      const looks = Promise.all(boxes.map((box) => box.look(true)))
      await unlessAborted(looks, signal)
    },
    watch(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => listeners.delete(listener) }
    },
    async close() {
      listeners.clear()
      await Promise.all(boxes.map((box) => box.close()))
    },
  }
}

class WatchedBox {
  readonly config: BoxConfig
  readonly #comfy: Comfy
  readonly #healthMs: number
  readonly #objectInfoMs: number
  readonly #tell: () => void
  readonly #life = new AbortController()
  health: BoxHealth = { name: 'unknown' }
  taken = 0
  #load = 0
  #failures = 0
  #objectInfo: ObjectInfo = new Map()
  #objectInfoAtMs = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined

  constructor(config: BoxConfig, comfy: Comfy, healthMs: number, objectInfoMs: number, tell: () => void) {
    this.config = config
    this.#comfy = comfy
    this.#healthMs = healthMs
    this.#objectInfoMs = objectInfoMs
    this.#tell = tell
  }

  get shown(): Box {
    const { name, concurrency } = this.config
    return { name, concurrency, health: this.health, load: this.#load, taken: this.taken }
  }

  /** What others have there counts as of the last look, what we have as of now. */
  get busyness(): number {
    return Math.max(this.#load, this.taken)
  }

  take(): Place {
    this.taken++
    let isHeld = true
    return {
      comfy: this.#comfy,
      objectInfo: this.#objectInfo,
      [Symbol.dispose]: () => {
        if (!isHeld) return
        isHeld = false
        this.taken--
        this.#load = Math.max(0, this.#load - 1) // until it is asked again
        this.#tell()
      },
    }
  }

  /** Asks the box how it is, now; `anew` also for nodes and models it may have got. A look on its way is waited for. */
  async look(anew: boolean): Promise<void> {
    if (this.#looking) {
      await this.#looking
      if (!anew) return
    }
    if (this.#life.signal.aborted) return
    if (anew) this.#objectInfoAtMs = Number.NEGATIVE_INFINITY
    clearTimeout(this.#timer)
    this.#looking ??= this.#ask().finally(() => {
      this.#looking = undefined
    })
    await this.#looking
  }

  async close(): Promise<void> {
    this.#life.abort()
    clearTimeout(this.#timer)
    await this.#looking
    await this.#comfy.close()
  }

  async #ask(): Promise<void> {
    const { signal } = this.#life
    try {
      this.#load = await this.#comfy.load(signal)
      const isOld = performance.now() - this.#objectInfoAtMs > this.#objectInfoMs
      // One that comes back was perhaps restarted with new nodes, or is a newer ComfyUI.
      if (this.health.name !== 'up' || isOld) await this.#askAll(signal)
      this.#failures = 0
      this.#again(this.#healthMs)
    } catch (error) {
      if (signal.aborted) return
      this.#fall(error)
    }
  }

  async #askAll(signal: AbortSignal): Promise<void> {
    const version = await this.#comfy.version(signal)
    this.#objectInfo = await this.#comfy.objectInfo(signal)
    this.#objectInfoAtMs = performance.now()
    this.health = { name: 'up', version, objectInfo: this.#objectInfo }
    this.#tell()
  }

  #fall(error: unknown): void {
    const nowMs = Date.now()
    const waitMs = this.#again(Math.min(this.#healthMs * 2 ** this.#failures++, longestWaitMs))
    const wasDown = this.health.name === 'down'
    this.health = {
      name: 'down',
      reason: isBoxTrouble(error) ? error.message : `The box “${this.config.name}” cannot be asked.`,
      sinceMs: this.health.name === 'down' ? this.health.sinceMs : nowMs,
      nextTryMs: nowMs + waitMs,
    }
    if (!isBoxTrouble(error)) console.error(error) // a mistake of ours
    if (!wasDown) this.#tell()
  }

  /** Looks again after about `ms`; boxes that fell together are not asked together. */
  #again(ms: number): number {
    const waitMs = Math.round(ms * (0.75 + Math.random() / 2))
    if (!this.#life.signal.aborted) this.#timer = setTimeout(() => void this.look(false), waitMs)
    return waitMs
  }
}

function unlessAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    work.then(() => resolve(), reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
