import { hc } from 'hono/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OWN } from '../../tests/api/own-workflow'
import { pngOf, streamOf } from '../../tests/api/pictures'
import { startServer, type TestServer } from '../../tests/api/server'
import { type App, createApp } from '../app'
import type { StoredFile } from '../files/files'
import type { Claim } from '../jobs/jobs'

const promptId = '00000000-0000-4000-8000-000000000000'
const result = pngOf(200)

let server: TestServer
let jobs: ReturnType<typeof hc<App>>['api']['jobs']
let picture: StoredFile

beforeEach(async () => {
  server = await startServer()
  jobs = hc<App>(server.origin).api.jobs
  picture = await store(pngOf(9))
})
afterEach(() => server[Symbol.asyncDispose]())

const store = (bytes: Uint8Array) =>
  server.parts.files.add(
    { stream: streamOf(bytes), name: 'me.png', accept: ['image'], maxBytes: 1e6 },
    AbortSignal.timeout(10_000),
  )
const add = async (sentence = '', inputs: Record<string, string> = { picture: picture.id }) => {
  const request = { workflow: OWN, tier: 'fast', inputs, parameters: { steps: 1 }, sentence } as const
  return (await server.parts.jobs.add(request)).job.id
}
/** Claims the oldest job and sends it to a box. */
async function start(): Promise<Claim> {
  const claim = (await server.parts.jobs.claim())!
  await claim.move({ kind: 'prepare' })
  await claim.move({ kind: 'upload', box: 'attic' })
  await claim.move({ kind: 'submit', promptId })
  return claim
}
async function finish(claim: Claim, bytes = result): Promise<void> {
  const { id, type } = await store(bytes)
  await claim.move({ kind: 'fetch' })
  await claim.move({ kind: 'succeed', results: [{ output: 'result', file: id, type, bytes: bytes.length }] })
}
const refusal = async (response: { status: number; json(): Promise<unknown> }) => {
  const { error } = (await response.json()) as { error: { name: string; message: string } }
  return [response.status, error.name, error.message]
}

describe('the list', () => {
  test('is the newest first, in pages, by states', async () => {
    const ids: string[] = []
    for (const n of [1, 2, 3, 4, 5]) ids.unshift(await add(`number ${n}`))
    await server.parts.jobs.cancel(ids[0]!)
    const first = await (await jobs.$get({ query: { limit: '2' } })).json()
    expect(first).toMatchObject({
      jobs: [{ id: ids[0], sentence: 'number 5' }, { id: ids[1] }],
      next: ids[1],
    })
    const rest = await (await jobs.$get({ query: { limit: '3', before: first.next! } })).json()
    expect([rest.jobs.map(({ id }) => id), rest.next]).toEqual([ids.slice(2), undefined])
    const ended = await (await jobs.$get({ query: { state: 'cancelled,failed' } })).json()
    expect(ended.jobs.map(({ id }) => id)).toEqual([ids[0]])
  })

  test('tells how far running jobs are, also those that ran before the server listened', async () => {
    await add()
    const claim = await start()
    claim.report({ fraction: 0.5, doing: 'Sampling, step 2 of 4', atMs: Date.now() })
    const late = createApp(server.parts)
    for (const api of [jobs, hc<App>('http://localhost', { fetch: late.request }).api.jobs]) {
      expect((await (await api.$get({ query: {} })).json()).jobs).toMatchObject([
        { state: 'running', box: 'attic', progress: { fraction: 0.5, doing: 'Sampling, step 2 of 4' } },
      ])
    }
  })

  test('tells why a job waits and why one failed', async () => {
    const missing = [{ kind: 'model', name: 'wan.safetensors', how: 'Get it.' }] as const
    const id = await add()
    const claim = (await server.parts.jobs.claim())!
    const waiting = { reason: 'No box has the model.', missing }
    await claim.move({ kind: 'wait', waiting, untilMs: Date.now() + 60_000 })
    const shown = async () => (await jobs[':id'].$get({ param: { id } })).json()
    expect(await shown()).toMatchObject({ state: 'queued', waiting })
    await server.parts.jobs.wake()
    await (await server.parts.jobs.claim())!.move({
      kind: 'fail',
      error: { name: 'BoxFailed', message: 'The box ran out of memory.' },
    })
    expect(await shown()).toMatchObject({
      state: 'failed',
      error: { name: 'BoxFailed', message: 'The box ran out of memory.' },
      results: [],
    })
  })
})

describe('ending', () => {
  const end = (id: string, forget?: 'true') =>
    jobs[':id'].$delete({ param: { id }, query: forget ? { forget } : {} })

  test('a queued job ends at once, one at work is asked to', async () => {
    const id = await add()
    expect((await end(id)).status).toBe(200)
    await add()
    const claim = await start()
    const response = await end(claim.job.id)
    expect([response.status, await response.json()]).toMatchObject([
      202,
      { state: 'running', cancelRequested: true },
    ])
    expect(claim.cancelled.aborted).toBe(true)
  })

  test('asking twice, or after the end, changes nothing', async () => {
    const id = await add()
    const once = await (await end(id)).json()
    expect(await (await end(id)).json()).toEqual(once)
  })

  test('forgetting takes an ended job off the list, and no other', async () => {
    const id = await add()
    expect((await refusal(await end(id, 'true'))).slice(0, 2)).toEqual([409, 'Conflict'])
    await end(id)
    expect((await end(id, 'true')).status).toBe(200)
    expect((await jobs[':id'].$get({ param: { id } })).status as number).toBe(404)
    expect((await refusal(await end(id, 'true'))).slice(0, 2)).toEqual([404, 'NotFound'])
  })

  test('a cancelled job is queued again, one that is queued is not', async () => {
    const id = await add()
    const retry = () => jobs[':id'].retry.$post({ param: { id } })
    expect((await refusal(await retry())).slice(0, 2)).toEqual([409, 'Conflict'])
    await end(id)
    const response = await retry()
    expect([response.status, await response.json()]).toMatchObject([
      202,
      { state: 'queued', cancelRequested: false },
    ])
  })
})

describe('the result', () => {
  const ask = (id: string, headers: Record<string, string> = {}, method = 'GET', query = '') =>
    fetch(`${server.origin}/api/jobs/${id}/result${query}`, { method, headers })

  test('is not there before the end, and not where there is none', async () => {
    const id = await add()
    expect(await refusal(await ask(id))).toEqual([
      409,
      'Conflict',
      'This job is queued: its result is not there yet.',
    ])
    await server.parts.jobs.cancel(id)
    expect((await refusal(await ask(id))).slice(0, 2)).toEqual([409, 'Conflict'])
  })

  test('is the bytes, or a part of them, under a name that no person chose', async () => {
    const id = await add('../../"evil\r\nX: y')
    await finish(await start())
    const whole = await ask(id)
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(new Uint8Array(result))
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(result.length),
      'content-disposition': `inline; filename="slow_picture-${id.slice(0, 8)}.png"`,
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
    })
    const part = await ask(id, { Range: 'bytes=4-9' })
    expect([part.status, part.headers.get('Content-Range')]).toEqual([206, `bytes 4-9/${result.length}`])
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(new Uint8Array(result.subarray(4, 10)))
    expect((await ask(id, { Range: `bytes=${result.length}-` })).status).toBe(416)
    const etag = whole.headers.get('ETag')!
    expect((await ask(id, { 'If-None-Match': etag })).status).toBe(304)
    expect((await ask(id, { 'If-Range': '"another"', Range: 'bytes=4-9' })).status).toBe(200)
    const head = await ask(id, {}, 'HEAD')
    expect([head.status, head.headers.get('Content-Length')]).toEqual([200, String(result.length)])
    const saved = await ask(id, {}, 'GET', '?output=result&download=true')
    expect(saved.headers.get('Content-Disposition')).toMatch(/^attachment; /)
    await saved.arrayBuffer()
    expect((await refusal(await ask(id, {}, 'GET', '?output=other'))).slice(0, 2)).toEqual([404, 'NotFound'])
  })

  test('is said to be gone when it was removed to make room', async () => {
    const id = await add()
    await finish(await start())
    const { results } = await (await jobs[':id'].$get({ param: { id } })).json()
    expect(results).toEqual([
      {
        output: 'result',
        type: 'image/png',
        bytes: result.length,
        url: `/api/jobs/${id}/result?output=result`,
      },
    ])
    for await (const file of server.parts.files.list()) await server.parts.files.remove(file.id)
    expect((await refusal(await ask(id))).slice(0, 2)).toEqual([404, 'NotFound'])
  })
})

describe('the thumbnail', () => {
  const ask = (id: string, headers: Record<string, string> = {}) =>
    fetch(`${server.origin}/api/jobs/${id}/thumbnail`, { headers })

  test('is the picture that came in, until there is a preview', async () => {
    const id = await add()
    const first = await ask(id)
    expect(first.headers.get('Content-Type')).toBe('image/png')
    expect(new Uint8Array(await first.arrayBuffer())).toEqual(new Uint8Array(pngOf(9)))
    const claim = await start()
    const bytes = new Uint8Array([0xff, 0xd8, 0xff, 1, 2, 3])
    claim.preview({ type: 'image/jpeg', bytes })
    await expect
      .poll(
        async () => {
          const response = await ask(id)
          return [response.headers.get('Content-Type'), new Uint8Array(await response.arrayBuffer())]
        },
        { timeout: 30_000 },
      )
      .toEqual(['image/jpeg', bytes])
    const etag = (await ask(id)).headers.get('ETag')!
    expect((await ask(id, { 'If-None-Match': etag })).status).toBe(304)
    expect((await ask(id, { 'If-None-Match': '"another"' })).status).toBe(200)
  })

  test('is none where there is no picture at all', async () => {
    const id = await add('', {})
    expect((await (await jobs[':id'].$get({ param: { id } })).json()).thumbnailUrl).toBe(undefined)
    expect((await refusal(await ask(id))).slice(0, 2)).toEqual([404, 'NotFound'])
  })
})
