import { type Remote, releaseProxy, wrap } from 'comlink'

/** A live worker and its typed API. Disposing lets go of both: releasing the proxy alone leaves the thread running. */
export interface Connection<Api> extends Disposable {
  /** Keep the connection as long as calls are in flight: comlink drops them with the proxy. */
  readonly api: Remote<Api>
}

export function connect<Api>(worker: Worker): Connection<Api> {
  const api = wrap<Api>(worker)
  return {
    api,
    [Symbol.dispose]() {
      api[releaseProxy]()
      worker.terminate()
    },
  }
}
