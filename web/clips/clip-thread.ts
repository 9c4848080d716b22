import { proxy } from 'comlink'
import { onCleanup } from 'solid-js'
import type { ClipApi, ClipEvent } from '../../workers/clip/clip-api'
import { connect } from '../../workers/rpc/connect'
import '../../workers/rpc/signal'
import type { Capabilities } from '../../workers/studio/studio-api'
import { brokenThread } from '../platform/broken-thread'
import { createDrawnCanvas } from '../platform/drawn-canvas'

/** The thread of the open clip, and the canvas it draws on. It starts with `open` and ends with its owner. */
export function createClipThread(onEvent: (event: ClipEvent) => void) {
  const worker = new Worker(new URL('../../workers/clip/clip.worker.ts', import.meta.url), {
    type: 'module',
    name: 'clip',
  })
  const connection = connect<ClipApi>(worker)
  onCleanup(() => connection[Symbol.dispose]())
  const { api } = connection
  const { canvas, renew } = createDrawnCanvas((offscreen) => api.show(offscreen))

  const open = async (remembered: Capabilities | undefined): Promise<Capabilities> => {
    const listen = proxy((event: ClipEvent) => {
      if (event.name === 'canvas-wanted') void renew()
      onEvent(event)
    })
    const capabilities = await Promise.race([api.open(listen, remembered), brokenThread(worker)])
    await renew()
    return capabilities
  }

  return { api, canvas, open }
}
