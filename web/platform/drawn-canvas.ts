import { transfer } from 'comlink'
import { createSignal } from 'solid-js'

/** The canvas in the page that a thread draws on; `show` hands the thread its half. */
export function createDrawnCanvas(show: (canvas: OffscreenCanvas) => Promise<void>) {
  const [canvas, setCanvas] = createSignal<HTMLCanvasElement>()

  /** A canvas keeps the kind of context it was first given: another kind needs another canvas. */
  const renew = async () => {
    const next = document.createElement('canvas')
    next.setAttribute('aria-hidden', 'true') // the figure around it has the words
    const offscreen = next.transferControlToOffscreen()
    setCanvas(next)
    await show(transfer(offscreen, [offscreen]))
  }

  return { canvas, renew }
}
