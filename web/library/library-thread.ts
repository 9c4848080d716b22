import { proxy } from 'comlink'
import { onCleanup } from 'solid-js'
import type { LibraryApi } from '../../workers/library/library-item'
import { type Connection, connect } from '../../workers/rpc/connect'
import { brokenThread } from '../platform/broken-thread'

/** The library thread; it ends with its owner. */
export function createLibraryThread(onChange: () => void) {
  const worker = new Worker(new URL('../../workers/library/library.worker.ts', import.meta.url), {
    type: 'module',
    name: 'library',
  })
  const connection: Connection<LibraryApi> = connect(worker)
  onCleanup(() => connection[Symbol.dispose]())
  const opened = Promise.race([connection.api.open(proxy(onChange)), brokenThread(worker)])
  return { api: connection.api, opened }
}
