/** A line to a server that can be cut: from then on nothing gets through, as if the process at this end had died. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface CutLine extends AsyncDisposable {
  readonly port: number
  /** Lets this many more messages through to the server, and then cuts. */
  cutAfter(more: number): void
  /** How many messages went to the server. */
  readonly messages: number
}

export async function startCutLine(to: { readonly host: string; readonly port: number }): Promise<CutLine> {
  const sockets = new Set<Socket>()
  let left = Number.POSITIVE_INFINITY
  let messages = 0
  const server = createServer((near) => {
    const far = connect(to)
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    near.on('data', (bytes) => {
      if (left-- <= 0) return cut()
      messages++
      far.write(bytes)
    })
    far.on('data', (bytes) => near.write(bytes))
    if (left <= 0) cut()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('no port')

  return {
    port: address.port,
    cutAfter(more) {
      left = more
    },
    get messages() {
      return messages
    },
    async [Symbol.asyncDispose]() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }

  function cut(): void {
    for (const socket of sockets) socket.destroy()
  }
}
