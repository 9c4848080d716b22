import type { Compositor, Plate } from '../compositor/compositor'
import type { Layer, Overlay } from '../compositor/layer'

/** One picture on its way to the recorder. The memory is the recorder's until it gives it back. */
export interface TappedPicture {
  readonly data: ArrayBuffer // RGBA, as `Pixels` has it
  readonly width: number // px
  readonly height: number
  /** When it was filmed: milliseconds since 1970, on the clock all threads of the page share. */
  readonly timeMs: number
  /** How many pictures were passed over so far, because the recorder was behind. */
  readonly dropped: number
}

/** Pictures at most on their way or waiting. More would only make the recorder later, never faster. */
const BUFFERS = 3

/**
 * Hands every picture that is shown to the recorder. Live never waits for it: a picture for which no memory has come back
 * yet is passed over and counted. The memory goes back and forth, so recording allocates nothing per picture.
 */
export class PictureTap implements Disposable {
  readonly #port: MessagePort
  readonly #free: (ArrayBuffer | undefined)[] = new Array(BUFFERS).fill(undefined)
  #dropped = 0

  /** The other end is the recorder's. */
  constructor(port: MessagePort) {
    this.#port = port
    port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => this.#free.push(data)
  }

  /**
   * Draws and shows a picture, and records it without what only helps the person at the controls: the split and the mesh
   * lines. Mirror, badge and veil are part of the picture. `filmedMs` is on performance.now()'s clock.
   */
  async draw(
    compositor: Compositor,
    plate: Plate,
    layers: readonly Layer[],
    overlay: Overlay,
    filmedMs: number,
  ): Promise<void> {
    const isClean = overlay.split === undefined && overlay.meshes.length === 0
    if (!isClean && this.#free.length > 0) {
      await compositor.draw(plate, layers, { ...overlay, split: undefined, meshes: [] }, { show: false })
      await this.#take(compositor, filmedMs) // before the next drawing replaces it
    }
    await compositor.draw(plate, layers, overlay)
    // Reading back may take a while on a GPU; the next picture need not wait for it.
    if (isClean) void this.#take(compositor, filmedMs)
  }

  async #take(compositor: Compositor, filmedMs: number): Promise<void> {
    if (this.#free.length === 0) {
      this.#dropped++
      return
    }
    const used = this.#free.pop()
    try {
      const { width, height, data: shown } = await compositor.pixels()
      const data = used?.byteLength === shown.byteLength ? used : new ArrayBuffer(shown.byteLength)
      new Uint8ClampedArray(data).set(shown)
      const timeMs = performance.timeOrigin + filmedMs
      const picture: TappedPicture = { data, width, height, timeMs, dropped: this.#dropped }
      this.#port.postMessage(picture, [data])
    } catch {
      // The device was lost under the picture; drawing the next one says so.
      this.#free.push(used)
      this.#dropped++
    }
  }

  [Symbol.dispose](): void {
    this.#port.close()
  }
}
