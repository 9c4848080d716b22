import { hc } from 'hono/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OWN } from '../../tests/api/own-workflow'
import { openParts, type TestParts } from '../../tests/api/parts'
import { pngOf, streamOf } from '../../tests/api/pictures'
import { type App, createApp } from '../app'

let parts: TestParts
let api: ReturnType<typeof hc<App>>['api']
let picture: string

beforeAll(async () => {
  parts = await openParts()
  const app = createApp(parts)
  api = hc<App>('http://localhost', { fetch: app.request }).api
  const file = { stream: streamOf(pngOf(9)), name: 'me.png', accept: ['image'], maxBytes: 1e6 } as const
  picture = (await parts.files.add(file, AbortSignal.timeout(10_000))).id
})
afterAll(() => parts[Symbol.asyncDispose]())

const generate = (json: object, key?: string) =>
  api.generate.$post({
    json: { workflow: OWN, inputs: { picture }, ...json },
    header: key === undefined ? {} : { 'idempotency-key': key },
  })
const refusal = async (response: { status: number; json(): Promise<unknown> }) => {
  const { error } = (await response.json()) as { error: { name: string; message: string } }
  return [response.status, error.name, error.message]
}

test('a job is queued with its defaults filled in, and shown as it is', async () => {
  const response = await generate({ parameters: { steps: 7 }, sentence: 'make it slow' })
  expect(response.status).toBe(202)
  const job = await response.json()
  expect(job).toMatchObject({
    workflow: OWN,
    title: 'Slow picture',
    sentence: 'make it slow',
    tier: 'standard',
    inputs: { picture },
    parameters: { seconds: 0.2, steps: 7, seed: expect.any(Number) },
    state: 'queued',
    results: [],
    thumbnailUrl: `/api/jobs/${job.id}/thumbnail`,
    cancelRequested: false,
  })
  expect((await parts.jobs.find(job.id))?.request.parameters).toEqual(job.parameters)
})

test('the same key again is the same job, even at the same moment', async () => {
  const before = (await parts.jobs.counts()).queued
  const responses = await Promise.all([1, 2, 3].map(() => generate({}, 'a key of mine'.replaceAll(' ', '-'))))
  expect(responses.map(({ status }) => status).sort()).toEqual([200, 200, 202])
  const ids = await Promise.all(responses.map(async (response) => (await response.json()).id))
  expect(new Set(ids).size).toBe(1)
  expect((await parts.jobs.counts()).queued).toBe(before + 1)
})

test('without a key each request is a job', async () => {
  const ids = await Promise.all([1, 2].map(async () => (await (await generate({})).json()).id))
  expect(new Set(ids).size).toBe(2)
})

describe('what is refused', () => {
  test.each(['', 'with spaces', 'x'.repeat(201), 'ümlaut'])('a key such as %j', async (key) => {
    const response = await Promise.resolve()
      .then(() => generate({}, key))
      .catch(() => undefined) // fetch itself does not send some of them
    if (response) expect((await refusal(response)).slice(0, 2)).toEqual([400, 'BadRequest'])
  })

  test('a workflow that is not here', async () => {
    expect(await refusal(await generate({ workflow: 'nothing' }))).toEqual([
      404,
      'NotFound',
      'There is no workflow "nothing" here.',
    ])
  })

  test('an input that is not stored any more', async () => {
    expect(await refusal(await generate({ inputs: { picture: 'a'.repeat(64) } }))).toEqual([
      400,
      'BadRequest',
      'The file for "Picture" is not here any more: add it again.',
    ])
  })

  test('all faults at once', async () => {
    const [status, , message] = await refusal(
      await generate({ tier: 'high', inputs: {}, parameters: { steps: 99, seconds: 'long', colour: 'red' } }),
    )
    expect(status).toBe(400)
    for (const named of ['quality', 'Picture', 'Steps', 'Seconds', 'colour']) expect(message).toContain(named)
  })
})
