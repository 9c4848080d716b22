/** An app on a real port, and WebSockets to it. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { WebSocket } from 'ws'
import { ignoreOtherUpgrades, openSocketServer } from '../../edge-server/api/socket-server'
import { createApp } from '../../edge-server/app'
import { openParts, type TestParts } from './parts'

export interface TestServer extends AsyncDisposable {
  readonly origin: string
  readonly parts: TestParts
  /** Opens a socket; `path` begins with a slash. */
  readonly socket: (path: string, headers?: Record<string, string>) => TestSocket
}

/** What a browser would have heard, in order. */
export interface TestSocket {
  readonly socket: WebSocket
  /** The next message: a text as JSON, a preview as bytes. Rejects when the socket closes first. */
  next(): Promise<unknown>
  closed: Promise<{ code: number; reason: string }>
}

/** Serves an app as main.ts does, on a free port. */
export async function startServer(changed: Parameters<typeof openParts>[0] = {}): Promise<TestServer> {
  const parts = await openParts(changed)
  const server = serve({
    fetch: createApp(parts).fetch,
    port: 0,
    hostname: '127.0.0.1',
    websocket: { server: openSocketServer() },
  }) as Server // what serve() makes unless told otherwise
  ignoreOtherUpgrades(server)
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin: `http://${host}`,
    parts,
    socket: (path, headers = {}) => listen(new WebSocket(`ws://${host}${path}`, { headers })),
    async [Symbol.asyncDispose]() {
      parts.close()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
      await parts[Symbol.asyncDispose]()
    },
  }
}

function listen(socket: WebSocket): TestSocket {
  const heard: unknown[] = []
  let wake = () => {}
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    heard.push(isBinary ? new Uint8Array(data) : JSON.parse(data.toString()))
    wake()
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      resolve({ code, reason: reason.toString() })
      wake()
    })
  })
  socket.on('error', () => {}) // told by 'close'
  return {
    socket,
    closed,
    async next() {
      while (heard.length === 0) {
        if (socket.readyState === socket.CLOSED) throw new Error('The socket is closed.')
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return heard.shift()
    },
  }
}
