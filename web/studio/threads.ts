import { proxy, transfer } from 'comlink'
import { createSignal, onCleanup } from 'solid-js'
import { connect } from '../../workers/rpc/connect'
import type { Capabilities, StudioApi, StudioEvent } from '../../workers/studio/studio-api'

/** Starts the studio thread and gives it canvases to draw on; the thread ends with its owner. */
export function createThreads(onEvent: (event: StudioEvent) => void) {
  const worker = new Worker(new URL('../../workers/studio/studio.worker.ts', import.meta.url), {
    type: 'module',
    name: 'studio',
  })
  const connection = connect<StudioApi>(worker)
  onCleanup(() => connection[Symbol.dispose]())
  const { api } = connection
  const [canvas, setCanvas] = createSignal<HTMLCanvasElement>()

  /** A canvas keeps the kind of context it was first given: another kind needs another canvas. */
  const showOnNewCanvas = async () => {
    const next = document.createElement('canvas')
    next.setAttribute('aria-hidden', 'true') // the figure around it has the words
    const offscreen = next.transferControlToOffscreen()
    setCanvas(next)
    await api.show(transfer(offscreen, [offscreen]))
  }

  const open = async (remembered: Capabilities | undefined): Promise<Capabilities> => {
    // A worker that does not even parse answers nothing, so the call alone would wait for ever.
    const broken = new Promise<never>((_, reject) => {
      worker.addEventListener('error', ({ message }) => {
        const error = new Error(message)
        error.name = 'ThreadFailedError'
        reject(error)
      })
    })
    const listen = proxy((event: StudioEvent) => {
      if (event.name === 'canvas-wanted') void showOnNewCanvas()
      onEvent(event)
    })
    const capabilities = await Promise.race([api.open(listen, remembered), broken])
    await showOnNewCanvas()
    return capabilities
  }

  return { api, canvas, open }
}
