import { proxy } from 'comlink'
import { onCleanup } from 'solid-js'
import { connect } from '../../workers/rpc/connect'
import type { Capabilities, StudioApi, StudioEvent } from '../../workers/studio/studio-api'
import { brokenThread } from '../platform/broken-thread'
import { createDrawnCanvas } from '../platform/drawn-canvas'

/** Starts the studio thread and gives it canvases to draw on; the thread ends with its owner. */
export function createThreads(onEvent: (event: StudioEvent) => void) {
  const worker = new Worker(new URL('../../workers/studio/studio.worker.ts', import.meta.url), {
    type: 'module',
    name: 'studio',
  })
  const connection = connect<StudioApi>(worker)
  onCleanup(() => connection[Symbol.dispose]())
  const { api } = connection
  const { canvas, renew } = createDrawnCanvas((offscreen) => api.show(offscreen))

  const open = async (remembered: Capabilities | undefined): Promise<Capabilities> => {
    const listen = proxy((event: StudioEvent) => {
      if (event.name === 'canvas-wanted') void renew()
      onEvent(event)
    })
    const capabilities = await Promise.race([api.open(listen, remembered), brokenThread(worker)])
    await renew()
    return capabilities
  }

  return { api, canvas, open }
}
