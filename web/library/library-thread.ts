import { proxy } from 'comlink'
import { onCleanup } from 'solid-js'
import type { LibraryApi } from '../../workers/library/library-item'
import { type Connection, connect } from '../../workers/rpc/connect'

/** The library thread; it ends with its owner. */
export function createLibraryThread(onChange: () => void) {
  const worker = new Worker(new URL('../../workers/library/library.worker.ts', import.meta.url), {
    type: 'module',
    name: 'library',
  })
  const connection: Connection<LibraryApi> = connect(worker)
  onCleanup(() => connection[Symbol.dispose]())
  // A worker that does not even parse answers nothing, so the call alone would wait for ever.
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) => {
      const error = new Error(message)
      error.name = 'ThreadFailedError'
      reject(error)
    })
  })
  const opened = Promise.race([connection.api.open(proxy(onChange)), broken])
  return { api: connection.api, opened }
}
