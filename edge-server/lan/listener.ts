/** How the server listens: HTTPS for the network, and plain HTTP for this machine itself, both on one port. */
import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { isLoopback } from '../config'
import type { Credentials } from './certificate'

/** A request's head must be here in this time, and a connection on which nothing moves ends. Bodies: see guard.ts. */
const timeLimits = {
  headersTimeout: 20_000,
  requestTimeout: 0, // a large upload from a phone takes as long as it takes
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 5000,
} as const
const QUIET_MS = 120_000
const FIRST_BYTE_MS = 10_000
/** The first byte of every TLS connection: a handshake. */
const TLS_HANDSHAKE = 0x16

type Listener = http.RequestListener

/** For `serve()` of @hono/node-server: `createServer` makes the server with the options in `serverOptions`. */
export interface Serving {
  readonly createServer: typeof http.createServer
  readonly serverOptions: http.ServerOptions
}

/** Plain HTTP, where only this machine can connect. */
export const plainServing: Serving = {
  createServer: ((options: http.ServerOptions, listener: Listener) =>
    quiet(http.createServer(options, listener))) as typeof http.createServer, // of its overloads the one that serve() uses
  serverOptions: timeLimits,
}

/**
 * HTTPS. This machine itself is also answered by plain HTTP: http://localhost is a secure place without a certificate to
 * accept, and what the browser keeps for the page stays where it was. Others who ask without TLS are sent on to HTTPS.
 */
export function lanServing(credentials: Credentials, isOurs: (hostname: string) => boolean): Serving {
  function createServer(options: http.ServerOptions, listener: Listener): http.Server {
    const secure = quiet(https.createServer({ ...options, ...credentials }, listener))
    const plain = quiet(
      http.createServer(options, (request, response) => {
        if (isLocal(request)) secure.emit('request', request, response)
        else sendOn(request, response, isOurs)
      }),
    )
    plain.on('upgrade', (request: http.IncomingMessage, socket: Socket, head: Buffer) => {
      if (isLocal(request)) secure.emit('upgrade', request, socket, head)
      else socket.destroy()
    })
    join(secure, plain)
    return secure
  }
  // serve() only ever calls it with both arguments and wants an http.Server's methods, which this has.
  return { createServer: createServer as unknown as typeof http.createServer, serverOptions: timeLimits }
}

function quiet<S extends http.Server>(server: S): S {
  server.setTimeout(QUIET_MS)
  return server
}

/** Hands each new connection to the one of both that it speaks to, and ends both together. */
function join(secure: https.Server, plain: http.Server): void {
  const startTls = secure.listeners('connection')
  /** All connections, and those that have not said anything yet. */
  const open = new Set<Socket>()
  const silent = new Set<Socket>()
  secure.removeAllListeners('connection')
  secure.on('connection', (socket: Socket) => {
    open.add(socket)
    silent.add(socket)
    const timer = setTimeout(() => socket.destroy(), FIRST_BYTE_MS)
    socket.once('close', () => {
      clearTimeout(timer)
      open.delete(socket)
      silent.delete(socket)
    })
    socket.on('error', () => socket.destroy())
    socket.once('readable', () => {
      clearTimeout(timer)
      silent.delete(socket)
      const first: Buffer | null = socket.read()
      if (!first) return void socket.destroy() // it ended before it began
      socket.unshift(first)
      if (first[0] === TLS_HANDSHAKE) for (const start of startTls) start.call(secure, socket)
      else plain.emit('connection', socket)
    })
  })
  // It never listens itself; told that it does, it watches over the connections that it is handed.
  secure.on('listening', () => plain.emit('listening'))
  secure.on('close', () => plain.close(() => {}))
  const { closeIdleConnections } = secure
  secure.closeIdleConnections = () => {
    closeIdleConnections.call(secure)
    plain.closeIdleConnections()
    for (const socket of silent) socket.destroy()
  }
  // Those in the middle of a handshake too, of which neither server knows.
  secure.closeAllConnections = () => {
    for (const socket of open) socket.destroy()
  }
}

/** Asked by this machine, for this machine. */
function isLocal({ socket, headers }: http.IncomingMessage): boolean {
  const address = socket.remoteAddress?.replace(/^::ffff:/i, '') ?? ''
  return isLoopback(address) && isLoopback(hostnameOf(headers.host))
}

function sendOn(
  { headers, url = '/' }: http.IncomingMessage,
  response: http.ServerResponse,
  isOurs: (hostname: string) => boolean,
): void {
  if (!isOurs(hostnameOf(headers.host)) || !url.startsWith('/')) {
    response.writeHead(403, { 'Content-Type': 'text/plain', Connection: 'close' })
    response.end('This server does not answer to that name.\n')
    return
  }
  response.writeHead(308, { Location: `https://${headers.host}${url}`, Connection: 'close' })
  response.end()
}

function hostnameOf(host: string | undefined): string {
  return host !== undefined && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
}
