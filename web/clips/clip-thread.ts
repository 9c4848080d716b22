import { proxy, transfer } from 'comlink'
import { createSignal, onCleanup } from 'solid-js'
import type { ClipApi, ClipEvent } from '../../workers/clip/clip-api'
import { connect } from '../../workers/rpc/connect'
import '../../workers/rpc/signal'
import type { Capabilities } from '../../workers/studio/studio-api'
import { brokenThread } from './broken-thread'

/** The thread of the open clip, and the canvas it draws on. It starts with `open` and ends with its owner. */
export function createClipThread(onEvent: (event: ClipEvent) => void) {
  const worker = new Worker(new URL('../../workers/clip/clip.worker.ts', import.meta.url), {
    type: 'module',
    name: 'clip',
  })
  const connection = connect<ClipApi>(worker)
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
    const listen = proxy((event: ClipEvent) => {
      if (event.name === 'canvas-wanted') void showOnNewCanvas()
      onEvent(event)
    })
    const capabilities = await Promise.race([api.open(listen, remembered), brokenThread(worker)])
    await showOnNewCanvas()
    return capabilities
  }

  return { api, canvas, open }
}
