/** A real server with the guard in front, and how the network and the owner ask it. One at a time. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve, upgradeWebSocket, type WebSocketServerLike } from '@hono/node-server'
import { Hono } from 'hono'
import { WebSocketServer } from 'ws'
import { answerError } from '../../edge-server/errors'
import type { Client } from '../../edge-server/lan/client'
import { ownNames } from '../../edge-server/lan/names'
import { type Lan, openLan } from '../../edge-server/lan/open-lan'
import { pairPageRoutes } from '../../edge-server/lan/pair-page'
import { pairRoutes } from '../../edge-server/lan/pair-routes'
import { securityHeaders } from '../../edge-server/security'
import { type NetworkClient, networkClient } from '../app/network-client'

/** What the network calls this machine. */
export const name = ownNames()[1] ?? 'test.local'

export let folder: string
export let lan: Lan
export let server: http.Server
export let port: number
export let ca: string
/** The server's clock. */
export let nowMs: number
export let greeting: string
/** Bytes of uploads that came. */
export let received: number
let sockets: WebSocketServer

export function later(ms: number): void {
  nowMs += ms
}

export async function openNetworkServer(): Promise<void> {
  nowMs = Date.now()
  received = 0
  folder = mkdtempSync(join(tmpdir(), 'lan-'))
  const config = { host: '127.0.0.1', lan: { certificate: undefined }, dataFolder: folder }
  // Over IPv4 loopback only, so that the test opens no port to the network.
  lan = await openLan({ ...config, limits: { deviceDayBytes: 100_000 } }, { now: () => nowMs, bodyMs: 800 })
  const app = new Hono()
  app.onError(answerError)
  app.use(securityHeaders)
  app.use(lan.guard)
  app.route('/api/pair', pairRoutes(lan.network)).route('/pair', pairPageRoutes())
  app.get('/', (c) => c.html('the page'))
  app.get('/api/thing', (c) => c.json({ client: (c.get('client') as Client).name }))
  app.post('/api/thing', async (c) => c.json({ got: await c.req.text() }))
  app.post('/api/generate', (c) => c.json({}, 202))
  app.on(['POST', 'PATCH'], '/api/upload/any', async (c) => {
    received += (await c.req.arrayBuffer()).byteLength
    return c.json({ received }, 201)
  })
  app.get(
    '/ws/any',
    upgradeWebSocket(() => ({ onMessage: ({ data }, ws) => ws.send(`${data}!`) })),
  )
  sockets = new WebSocketServer({ noServer: true })
  const websocket = { server: sockets as WebSocketServerLike } // which says no `undefined` where ws says it
  server = serve({
    fetch: app.fetch,
    port: 0,
    hostname: '127.0.0.1',
    websocket,
    ...lan.serving,
  }) as http.Server
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
  greeting = lan.greet(port)
  ca = readFileSync(join(folder, 'lan/cert.pem'), 'utf8')
}

export async function closeNetworkServer(): Promise<void> {
  for (const socket of sockets.clients) socket.terminate()
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
  await lan[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
}

export const stranger = () => networkClient(port, name, ca)
export const printedCode = () => /\/pair#([\w-]+)/.exec(greeting)![1]!
export const newCode = () => lan.network!.codes.make().code
export async function paired(): Promise<NetworkClient> {
  const client = stranger()
  const answer = await client.ask('/api/pair', { method: 'POST', body: { code: newCode() } })
  if (answer.status !== 200) throw new Error(answer.text)
  return client
}
/** As the owner's browser asks, by plain HTTP at localhost. */
export const own = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, init)
/** Headers of the owner's own page. */
export const ownJson = () => ({ 'Content-Type': 'application/json', Origin: `http://127.0.0.1:${port}` })

/** A request without TLS whose Host header says what it likes. */
export async function plain(path: string, headers: http.OutgoingHttpHeaders, method = 'GET') {
  const request = http.request({ host: '127.0.0.1', port, path, headers, method, agent: false }).end()
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  let text = ''
  for await (const part of response) text += part
  return { status: response.statusCode, headers: response.headers, text }
}
