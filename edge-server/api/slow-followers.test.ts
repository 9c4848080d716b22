/** Browsers that read slowly, or not at all, or are gone without a word; and very many of them. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { openParts, type TestParts } from '../../tests/api/parts'
import type { Claim } from '../jobs/jobs'
import { type JobSockets, openJobSockets } from './job-sockets'
import { type JobViews, openJobViews } from './job-views'
import { openThumbnails, type Thumbnails } from './thumbnails'
import { openTimeLeft } from './time-left'

/** Machines are busy: waits as long as a test may take. */
const soon = (done: () => unknown) => vi.waitFor(done, { timeout: 30_000 })

const limits = { heartbeatMs: 3_600_000, slowBytes: 64 * 1024, deadBytes: 1024 * 1024 }

let parts: TestParts
let claim: Claim
let sockets: JobSockets
let views: JobViews
let thumbnails: Thumbnails
let server: Server
let watchers = 0
/** The server's ends. */
const accepted: WebSocket[] = []
const clients: { destroy: () => void }[] = []

beforeEach(async () => {
  parts = await openParts()
  await parts.jobs.add({
    workflow: 'a',
    tier: 'fast',
    inputs: {},
    parameters: {},
    sentence: 'x'.repeat(1000),
  })
  claim = (await parts.jobs.claim())!
  watchers = 0
  const jobs = {
    ...parts.jobs,
    watch(listener: Parameters<typeof parts.jobs.watch>[0]) {
      watchers++
      return parts.jobs.watch(listener)
    },
  }
  thumbnails = openThumbnails(parts.previewFolder, jobs)
  views = openJobViews({ ...parts, jobs, thumbnails, timeLeft: openTimeLeft(jobs) })
  sockets = openJobSockets({ jobs, views }, limits)
  server = createServer()
  const acceptor = new WebSocketServer({ server, perMessageDeflate: false })
  acceptor.on('connection', (socket, { url }) => {
    accepted.push(socket)
    if (url === '/jobs') sockets.followAll(socket)
    else sockets.follow(claim.job.id, socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  for (const socket of accepted.splice(0)) socket.terminate()
  sockets[Symbol.dispose]()
  thumbnails[Symbol.dispose]()
  server.close()
  await once(server, 'close')
  await parts[Symbol.asyncDispose]()
})

const port = () => (server.address() as AddressInfo).port
/** A client that opens a WebSocket and from then on reads nothing, until it is resumed. */
async function deaf(path: string): Promise<Socket> {
  const before = accepted.length
  const socket = connect(port(), '127.0.0.1')
  clients.push(socket)
  const key = Buffer.alloc(16).toString('base64')
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  )
  await soon(() => expect(accepted.length).toBe(before + 1))
  socket.pause()
  return socket
}
function client(path: string): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port()}${path}`)
  clients.push({ destroy: () => socket.terminate() })
  return socket
}
const turn = () => new Promise(setImmediate)

test('previews wait one at a time for who does not read them, and the last one arrives', async () => {
  const socket = await deaf('/one')
  const size = 300_000
  let most = 0
  for (let n = 1; n <= 200; n++) {
    claim.preview({ type: 'image/png', bytes: new Uint8Array(size).fill(n) })
    await turn()
    most = Math.max(most, accepted[0]!.bufferedAmount)
  }
  expect(most).toBeGreaterThan(0) // it really did not read
  expect(most).toBeLessThan(2 * size)
  let read = 0
  let last = 0
  socket.on('data', (bytes: Buffer) => {
    read += bytes.length
    last = bytes.at(-1) ?? 0
  })
  socket.resume()
  await soon(() => expect(last).toBe(200))
  expect(read).toBeLessThan(100 * size)
})

test('progress is left out for who does not read it, states are not; too many of those end the socket', async () => {
  await deaf('/jobs')
  const socket = accepted[0]!
  const closed = once(socket, 'close')
  const doing = 'x'.repeat(10_000)
  const flood = async (say: () => unknown, until: () => boolean) => {
    for (let n = 0; n < 3000 && !until(); n++) {
      await say()
      await turn()
    }
  }
  const report = () => claim.report({ fraction: 0.5, doing, atMs: Date.now() })
  await flood(report, () => socket.bufferedAmount > limits.slowBytes)
  const full = socket.bufferedAmount
  expect(full).toBeGreaterThan(limits.slowBytes)
  for (let n = 0; n < 50; n++) report()
  expect(socket.bufferedAmount).toBe(full)
  await flood(
    () => claim.move({ kind: 'prepare' }),
    () => socket.readyState !== socket.OPEN,
  )
  await closed
})

test('who answers no ping is cut off, who does stays', async () => {
  sockets[Symbol.dispose]()
  sockets = openJobSockets({ ...parts, views }, { ...limits, heartbeatMs: 100 })
  await deaf('/jobs') // reads no ping, so sends no pong
  const gone = once(accepted[0]!, 'close')
  const alive = client('/jobs')
  await once(alive, 'open')
  let pings = 0
  alive.on('ping', () => pings++)
  await gone
  await soon(() => expect(pings).toBeGreaterThan(2))
  expect(alive.readyState).toBe(alive.OPEN)
})

test('more sockets than are allowed are turned away, until one goes', async () => {
  sockets[Symbol.dispose]()
  sockets = openJobSockets({ ...parts, views }, { ...limits, most: 2 })
  const [first] = [client('/jobs'), client('/one')]
  await soon(() => expect(accepted.length).toBe(2))
  const [code] = await once(client('/jobs'), 'close')
  expect(code).toBe(1013)
  first.close()
  await once(accepted[0]!, 'close')
  const next = client('/one')
  expect(String((await once(next, 'message'))[0])).toContain('"kind":"state"')
})

test('a thousand followers need no more listeners at the queue than none, and all hear', async () => {
  expect(watchers).toBe(4) // thumbnails, time left, views, sockets
  const heard: Promise<unknown>[] = []
  for (let n = 0; n < 1000; n++) {
    const socket = client(n % 2 ? '/jobs' : '/one')
    const texts = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        if (data.includes('preparing')) resolve()
      })
    })
    heard.push(texts)
    if (n % 100 === 99) await once(socket, 'open')
  }
  await soon(() => expect(accepted.length).toBe(1000))
  await claim.move({ kind: 'prepare' })
  await Promise.all(heard)
  expect(watchers).toBe(4)
})
