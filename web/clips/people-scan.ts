import { proxy } from 'comlink'
import { createSignal, onCleanup } from 'solid-js'
import type { Bin } from './bin'
import { spanOf } from './draft'
import type { Viewer } from './viewer'

/** The search for people in the clip on the stage: one at a time. */
export function createPeopleScan(bin: Bin, viewer: Viewer) {
  const [scanning, setScanning] = createSignal<{ readonly id: string; readonly done: number }>()
  let life = new AbortController()
  const cancel = () => {
    life.abort()
    setScanning(undefined)
  }
  onCleanup(() => life.abort())

  /** Resolves also when it was given up. Rejects with a named Error. */
  const scan = async (): Promise<void> => {
    const draft = bin.current()
    if (!draft) return
    cancel()
    life = new AbortController()
    const { signal } = life
    setScanning({ id: draft.id, done: 0 })
    let isOver = false
    const progress = proxy((done: number) => {
      // It comes by another way than the result, and may come after it.
      if (!signal.aborted && !isOver) setScanning({ id: draft.id, done })
    })
    try {
      const found = await (await viewer.api()).scan(spanOf(draft), progress, signal)
      bin.setScan(draft.id, found)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      isOver = true
      if (!signal.aborted) setScanning(undefined)
    }
  }

  return { scanning, scan, cancel }
}
