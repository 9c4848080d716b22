import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openParts, type TestParts } from '../../tests/api/parts'
import { createApp } from '../app'
import type { OutputEvent } from './output'

let origin: string
let closing: AbortController
let parts: TestParts
let server: ReturnType<typeof serve>
const listeners: { leave: () => void }[] = []

beforeEach(async () => {
  closing = new AbortController()
  parts = await openParts({ closing: closing.signal })
  server = serve({ fetch: createApp(parts).fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  for (const { leave } of listeners.splice(0)) leave()
  closing.abort()
  server.close()
  await once(server, 'close')
  await parts[Symbol.asyncDispose]()
})

/** Joins a room over a real connection, as a page's EventSource does. */
async function join(room: string, name: string) {
  const life = new AbortController()
  const response = await fetch(`${origin}/api/output/${room}/${name}`, { signal: life.signal })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  /** The next event; undefined at the end of the stream. */
  const next = async (): Promise<OutputEvent | undefined> => {
    while (!text.includes('\n\n')) {
      const { value, done } = await reader.read()
      if (done) return undefined
      text += value
    }
    const end = text.indexOf('\n\n')
    const block = text.slice(0, end)
    text = text.slice(end + 2)
    return block.startsWith(':') ? next() : (JSON.parse(block.replace(/^data: /, '')) as OutputEvent)
  }
  const page = {
    status: response.status,
    type: response.headers.get('Content-Type'),
    next,
    leave: () => life.abort(),
  }
  listeners.push(page)
  return page
}

const send = (room: string, name: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${origin}/api/output/${room}/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

test('studio and viewer meet, whoever comes first, and hand each other messages', async () => {
  const viewer = await join('live', 'viewer-1')
  const studio = await join('live', 'studio')
  expect([studio.status, studio.type]).toEqual([200, 'text/event-stream'])
  expect(await viewer.next()).toEqual({ kind: 'joined', from: 'studio' })
  expect(await studio.next()).toEqual({ kind: 'joined', from: 'viewer-1' })

  const late = await join('live', 'viewer-2')
  expect(await late.next()).toEqual({ kind: 'joined', from: 'studio' })
  expect(await studio.next()).toEqual({ kind: 'joined', from: 'viewer-2' })

  const offer = { kind: 'offer', to: 'viewer-1', sdp: 'v=0' }
  expect((await send('live', 'studio', offer)).status).toBe(204)
  expect(await viewer.next()).toEqual({ ...offer, from: 'studio' })
  const candidate = {
    candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host',
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment: null,
  }
  for (let i = 0; i < 5; i++)
    await send('live', 'viewer-1', {
      kind: 'candidate',
      to: 'studio',
      candidate: { ...candidate, sdpMLineIndex: i },
    })
  for (let i = 0; i < 5; i++) {
    expect(await studio.next()).toEqual({
      kind: 'candidate',
      to: 'studio',
      from: 'viewer-1',
      candidate: { ...candidate, sdpMLineIndex: i },
    })
  }
})

test('rooms do not hear each other', async () => {
  const viewer = await join('one', 'viewer')
  await join('two', 'studio')
  expect((await send('two', 'studio', { kind: 'offer', to: 'viewer', sdp: 'v=0' })).status).toBe(404)
  await join('one', 'studio')
  expect(await viewer.next()).toEqual({ kind: 'joined', from: 'studio' })
})

test('a page that goes is reported, and its name is free again', async () => {
  const studio = await join('live', 'studio')
  const viewer = await join('live', 'viewer')
  expect(await studio.next()).toEqual({ kind: 'joined', from: 'viewer' })
  viewer.leave()
  expect(await studio.next()).toEqual({ kind: 'left', from: 'viewer' })
  expect((await send('live', 'studio', { kind: 'offer', to: 'viewer', sdp: 'v=0' })).status).toBe(404)
  await join('live', 'viewer')
  expect(await studio.next()).toEqual({ kind: 'joined', from: 'viewer' })
})

test('a second page under the same name replaces the first, whose end is not reported', async () => {
  const viewer = await join('live', 'viewer')
  const first = await join('live', 'studio')
  expect(await first.next()).toEqual({ kind: 'joined', from: 'viewer' })
  await join('live', 'studio')
  expect(await first.next()).toEqual({ kind: 'replaced' })
  expect(await first.next()).toBe(undefined)
  expect(await viewer.next()).toEqual({ kind: 'joined', from: 'studio' })
  expect(await viewer.next()).toEqual({ kind: 'joined', from: 'studio' })
  expect((await send('live', 'viewer', { kind: 'answer', to: 'studio', sdp: 'v=0' })).status).toBe(204)
})

test('only eight pages fit in a room', async () => {
  for (let i = 0; i < 8; i++) expect((await join('live', `viewer-${i}`)).status).toBe(200)
  expect((await join('live', 'one-more')).status).toBe(429)
  expect((await join('live', 'viewer-3')).status).toBe(200)
})

test.each([
  ['no JSON', '{'],
  ['an unknown kind', { kind: 'shout', to: 'studio' }],
  ['no addressee', { kind: 'offer', sdp: 'v=0' }],
  ['a strange name', { kind: 'offer', to: '../studio', sdp: 'v=0' }],
  ['a candidate that is none', { kind: 'candidate', to: 'studio', candidate: 5 }],
  ['a description too long', { kind: 'offer', to: 'studio', sdp: 'x'.repeat(50_000) }],
])('refuses %s', async (_, body) => {
  await join('live', 'studio')
  await join('live', 'viewer')
  const response = await send('live', 'viewer', body)
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({ error: { name: 'BadRequest', message: expect.any(String) } })
})

test('refuses more than 64 kB, and other sites', async () => {
  await join('live', 'studio')
  const big = await send('live', 'studio', { kind: 'offer', to: 'viewer', sdp: 'x'.repeat(70_000) })
  expect([big.status, ((await big.json()) as { error: { name: string } }).error.name]).toEqual([
    413,
    'TooLarge',
  ])
  const foreign = await send(
    'live',
    'studio',
    { kind: 'offer', to: 'viewer', sdp: '' },
    { Origin: 'https://evil.example' },
  )
  expect(foreign.status).toBe(403)
})

test('streams end when the server closes', async () => {
  const studio = await join('live', 'studio')
  closing.abort()
  expect(await studio.next()).toBe(undefined)
})
