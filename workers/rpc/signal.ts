/** Lets an AbortSignal cross to a worker, which comlink alone cannot. Import for its effect on both sides. */
import { transferHandlers } from 'comlink'

type Wire = { readonly port: MessagePort; readonly aborted: boolean }

transferHandlers.set('AbortSignal', {
  canHandle: (value): value is AbortSignal => value instanceof AbortSignal,
  serialize(signal: AbortSignal): [Wire, Transferable[]] {
    const { port1, port2 } = new MessageChannel()
    signal.addEventListener('abort', () => port1.postMessage('abort'), { once: true })
    return [{ port: port2, aborted: signal.aborted }, [port2]]
  },
  deserialize({ port, aborted }: Wire): AbortSignal {
    const controller = new AbortController()
    if (aborted) controller.abort()
    port.onmessage = () => {
      controller.abort()
      port.close()
    }
    return controller.signal
  },
})
