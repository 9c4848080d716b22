import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TestServer } from '../../tests/api/server'
import { startServer } from '../../tests/api/server'
import type { JobRequest } from '../jobs/job'
import type { Claim, Preview } from '../jobs/jobs'

const request: JobRequest = {
  workflow: 'anything',
  tier: 'standard',
  inputs: {},
  parameters: {},
  sentence: 'make it dance',
}
const promptId = '00000000-0000-4000-8000-000000000000'
const jpeg = (size = 100): Preview => ({ type: 'image/jpeg', bytes: new Uint8Array(size).fill(7) })
const progress = (fraction: number) => ({ fraction, doing: 'Sampling', atMs: Date.now() })

let server: TestServer
beforeEach(async () => {
  server = await startServer()
})
afterEach(() => server[Symbol.asyncDispose]())

const add = async () => (await server.parts.jobs.add(request)).job
/** A job that runs, and the claim of who runs it. */
async function running(): Promise<Claim> {
  await add()
  const claim = (await server.parts.jobs.claim())!
  await claim.move({ kind: 'prepare' })
  await claim.move({ kind: 'upload', box: 'attic' })
  await claim.move({ kind: 'submit', promptId })
  return claim
}

describe('one job', () => {
  test('hears its state, then each move, progress and preview, then that it is gone', async () => {
    const job = await add()
    const { next } = server.socket(`/ws/generate/${job.id}`)
    expect(await next()).toMatchObject({
      kind: 'state',
      job: { id: job.id, state: 'queued', sentence: 'make it dance' },
    })
    const claim = (await server.parts.jobs.claim())!
    await claim.move({ kind: 'prepare' })
    await claim.move({ kind: 'upload', box: 'attic' })
    await claim.move({ kind: 'submit', promptId })
    claim.report(progress(0.25))
    claim.preview(jpeg())
    await claim.move({ kind: 'fetch' })
    await claim.move({
      kind: 'succeed',
      results: [{ output: 'video', file: 'f'.repeat(64), type: 'video/mp4', bytes: 9 }],
    })
    await server.parts.jobs.remove(job.id)
    const seen = []
    for (let i = 0; i < 8; i++) seen.push(await next())
    expect(seen).toMatchObject([
      { kind: 'state', job: { state: 'preparing' } },
      { kind: 'state', job: { state: 'uploading', box: 'attic' } },
      { kind: 'state', job: { state: 'running', box: 'attic' } },
      { kind: 'progress', id: job.id, progress: { fraction: 0.25, doing: 'Sampling' } },
      jpeg().bytes,
      { kind: 'state', job: { state: 'fetching' } },
      { kind: 'state', job: { state: 'succeeded', results: [{ output: 'video', bytes: 9 }] } },
      { kind: 'removed', id: job.id },
    ])
  })

  test('who comes back in the middle gets the full state first: progress and the last preview', async () => {
    const claim = await running()
    claim.report(progress(0.1))
    claim.report(progress(0.5))
    claim.preview(jpeg(10))
    claim.preview(jpeg(20))
    const { next } = server.socket(`/ws/generate/${claim.job.id}`)
    expect(await next()).toMatchObject({
      kind: 'state',
      job: { state: 'running', progress: { fraction: 0.5, doing: 'Sampling' } },
    })
    expect(await next()).toEqual(jpeg(20).bytes)
    claim.report(progress(0.6))
    expect(await next()).toMatchObject({ kind: 'progress', progress: { fraction: 0.6 } })
  })

  test('a server that began after the job did tells how long it takes, too', async () => {
    const claim = await running()
    claim.report({ fraction: 0.5, doing: 'Sampling', atMs: claim.job.startedMs! + 60_000 })
    await using late = await startServer({ jobs: server.parts.jobs })
    const { next } = late.socket(`/ws/generate/${claim.job.id}`)
    expect(await next()).toMatchObject({ job: { progress: { fraction: 0.5 }, etaMs: 60_000 } })
    claim.report({ fraction: 0.75, doing: 'Sampling', atMs: claim.job.startedMs! + 60_000 })
    expect(await next()).toMatchObject({ kind: 'progress', etaMs: 20_000 })
  })

  test('one that is not there is said to be unknown', async () => {
    const { closed } = server.socket(`/ws/generate/${crypto.randomUUID()}`)
    expect(await closed).toEqual({ code: 4404, reason: 'There is no such job (any more).' })
  })

  test('does not hear of other jobs', async () => {
    const job = await add()
    const { next } = server.socket(`/ws/generate/${job.id}`)
    await next()
    await add()
    await server.parts.jobs.cancel(job.id)
    expect(await next()).toMatchObject({ kind: 'state', job: { id: job.id, state: 'cancelled' } })
  })
})

test('who follows all jobs hears of each, without previews', async () => {
  const { next, socket } = server.socket('/ws/jobs')
  await once(socket, 'open')
  const claim = await running()
  claim.preview(jpeg())
  claim.report(progress(0.5))
  const other = await add()
  const seen = []
  for (let i = 0; i < 6; i++) seen.push(await next())
  const { id } = claim.job
  expect(seen).toMatchObject([
    { kind: 'state', id, job: { state: 'queued' } },
    { kind: 'state', id, job: { state: 'preparing' } },
    { kind: 'state', id, job: { state: 'uploading' } },
    { kind: 'state', id, job: { state: 'running' } },
    { kind: 'progress', id },
    { kind: 'state', id: other.id },
  ])
})

describe('who may not connect', () => {
  test.each([
    ['a page of another site', { Origin: 'https://evil.example' }],
    ['a page that says so', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a name that points here', { Host: 'evil.example' }],
  ])('%s', async (_, headers) => {
    const { socket } = server.socket('/ws/jobs', headers)
    const [, response] = await once(socket, 'unexpected-response')
    expect(response.statusCode).toBe(403)
    socket.terminate()
  })

  test('a request without an upgrade', async () => {
    expect((await fetch(`${server.origin}/ws/jobs`)).status).toBe(404)
  })
})

test('a message that is too large ends the socket', async () => {
  const { socket, closed } = server.socket('/ws/jobs')
  await once(socket, 'open')
  socket.send('x'.repeat(2000))
  expect((await closed).code).toBe(1009)
})

test('sockets are told when the server stops', async () => {
  const { socket, closed } = server.socket('/ws/jobs')
  await once(socket, 'open')
  server.parts.close()
  expect(await closed).toEqual({ code: 1001, reason: 'The server stops.' })
})

test.each(['/', '/api/jobs', '/api/output/live/studio', '/wsx', 'http://localhost/ws/jobs'])(
  'there is no WebSocket at %s',
  async (path) => {
    const plain = connect(Number(new URL(server.origin).port), '127.0.0.1')
    const key = Buffer.alloc(16).toString('base64')
    plain.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    )
    expect(await readAll(plain)).toMatch(/^HTTP\/1.1 404 /)
  },
)

test('a request for another protocol is answered as if it had not asked', async () => {
  const plain = connect(Number(new URL(server.origin).port), '127.0.0.1')
  plain.write('GET /api/health HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n')
  const answer = await readAll(plain)
  expect(answer).toContain('HTTP/1.1 200')
  expect(answer).toContain('"name":"understudy"')
})

async function readAll(socket: Socket): Promise<string> {
  let text = ''
  for await (const part of socket) text += String(part)
  return text
}
