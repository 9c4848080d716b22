/** What accepts WebSockets beside the HTTP server. */
import { type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { WebSocketServerLike } from '@hono/node-server'
import { WebSocketServer } from 'ws'

const MAX_MESSAGE_BYTES = 1024 // browsers have nothing to say here

/**
 * Accepts our sockets once it is given to `serve({ fetch, websocket: { server } })`; call `ignoreOtherUpgrades` with what that returns.
 * The app closes the sockets when its `closing` aborts.
 */
export function openSocketServer(): WebSocketServerLike {
  const options = { noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false } as const
  return new WebSocketServer(options) as WebSocketServerLike // which says no `undefined` where ws says it
}

/**
 * Lets only WebSockets below /ws/ through to the app. Anywhere else a route would answer one with a body that nobody reads and nobody closes,
 * and any page of the web may try. Requests that would like another protocol (curl offers HTTP/2 so) are answered as if they had not
 * asked: a Node server that listens for upgrades leaves them to its listener, and that of @hono/node-server leaves them hanging.
 */
export function ignoreOtherUpgrades(server: Server): void {
  // It turns sockets away only while it is the one listener, so it is put behind ours.
  const listeners = server.listeners('upgrade')
  server.removeAllListeners('upgrade')
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const { method, url, headers } = request
    if (headers.upgrade?.toLowerCase() === 'websocket') {
      if (!url?.startsWith('/ws/')) return refuse(socket, '404 Not Found')
      for (const accept of listeners) accept.call(server, request, socket, head)
    } else if (method === 'GET' || method === 'HEAD') answer(server, request, socket)
    else refuse(socket, '400 Bad Request')
  })
}

const refuse = (socket: Socket, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function answer(server: Server, request: IncomingMessage, socket: Socket): void {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  response.on('finish', () => {
    response.detachSocket(socket)
    socket.end()
  })
  server.emit('request', request, response)
}
