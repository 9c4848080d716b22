import type { Compositor } from '../compositor/compositor'

/** A device lost twice within this time will be lost again: draw on the CPU from then on. */
const GIVE_UP_MS = 10_000

export interface CompositorMakers {
  webgpu(canvas: OffscreenCanvas): Promise<Compositor>
  cpu(canvas: OffscreenCanvas): Compositor
}

/** Keeps a compositor on the page's canvas, also when the GPU device is lost. */
export class Display implements Disposable {
  readonly #makers: CompositorMakers
  readonly #wantCanvas: () => void
  #kind: Compositor['kind']
  #canvas: OffscreenCanvas | undefined
  #compositor: Compositor | undefined
  #lostMs = Number.NEGATIVE_INFINITY

  /** `wantCanvas`: a canvas that drew with the GPU cannot draw without; the page makes another one and calls `show`. */
  constructor(makers: CompositorMakers, kind: Compositor['kind'], wantCanvas: () => void) {
    this.#makers = makers
    this.#kind = kind
    this.#wantCanvas = wantCanvas
  }

  get kind(): Compositor['kind'] {
    return this.#kind
  }

  show(canvas: OffscreenCanvas): void {
    this.#drop()
    this.#canvas = canvas
  }

  /** Who draws; undefined while there is no canvas. */
  async compositor(): Promise<Compositor | undefined> {
    const canvas = this.#canvas
    if (!canvas || this.#compositor) return this.#compositor
    if (this.#kind === 'cpu') {
      this.#compositor = this.#makers.cpu(canvas)
      return this.#compositor
    }
    try {
      this.#compositor = await this.#makers.webgpu(canvas)
    } catch {
      this.#toCpu() // no device to be had: the other way of drawing says so in the stats
    }
    return this.#compositor
  }

  /** The picture as last drawn, as PNG. Rejects with an Error named `NothingShownError` before the first. */
  snapshot(): Promise<Blob> {
    if (this.#compositor) return this.#compositor.snapshot()
    const error = new Error('Nothing was drawn yet.')
    error.name = 'NothingShownError'
    return Promise.reject(error)
  }

  /** Call when drawing was rejected because the device is gone. The next `compositor()` has a new one. */
  deviceLost(): void {
    this.#drop()
    const now = performance.now()
    if (now - this.#lostMs < GIVE_UP_MS) this.#toCpu()
    this.#lostMs = now
  }

  #toCpu(): void {
    this.#kind = 'cpu'
    this.#canvas = undefined
    this.#wantCanvas()
  }

  #drop(): void {
    this.#compositor?.[Symbol.dispose]()
    this.#compositor = undefined
  }

  [Symbol.dispose](): void {
    this.#drop()
    this.#canvas = undefined
  }
}
