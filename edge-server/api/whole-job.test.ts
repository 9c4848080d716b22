/** A job from the upload to its result, over HTTP and WebSockets, with the real queue and runner and a stand-in for the box. */
import { hc } from 'hono/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OWN, ownWorkflows } from '../../tests/api/own-workflow'
import { pngOf } from '../../tests/api/pictures'
import { startServer, type TestServer, type TestSocket } from '../../tests/api/server'
import { type StandIn, startStandIn } from '../../tests/comfy/stand-in'
import type { App } from '../app'
import type { Boxes } from '../comfy/boxes'
import { openBoxes } from '../comfy/open-boxes'
import { type Runner, startRunner } from '../jobs/runner'
import { openWorkflows } from '../workflows/open-workflows'
import type { JobMessage, JobView } from './schemas'

const sent = pngOf(77)
const steps = 20
/** Seconds on the box: so long that a job does not end before it is held. */
const [QUICK, SLOW] = [0.2, 10]

let box: StandIn
let boxes: Boxes
let server: TestServer
let runner: Runner
let api: ReturnType<typeof hc<App>>['api']

beforeAll(async () => {
  const own = ownWorkflows()
  const shipped = await openWorkflows(undefined)
  const list = [...shipped.list, ...own.list]
  const workflows = { list, find: (id: string) => list.find(({ card }) => card.id === id), faults: [] }
  box = await startStandIn()
  boxes = openBoxes([{ name: 'attic', url: box.url, concurrency: 2 }])
  await boxes.refresh(AbortSignal.timeout(10_000))
  server = await startServer({ boxes, workflows })
  runner = startRunner(server.parts)
  api = hc<App>(server.origin).api
})
afterAll(async () => {
  await runner?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
  await boxes?.close()
  await box?.close()
})

async function upload(): Promise<string> {
  const body = new FormData()
  body.set('file', new File([new Uint8Array(sent)], 'me.png'))
  const response = await fetch(`${server.origin}/api/upload/image`, { method: 'POST', body })
  const stored = (await response.json()) as { id: string }
  expect(stored).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{64}$/),
    kind: 'image',
    bytes: sent.length,
  })
  return stored.id
}
async function generate(seconds: number): Promise<JobView> {
  const json = { workflow: OWN, inputs: { picture: await upload() }, parameters: { steps, seconds } }
  const response = await api.generate.$post({ json, header: { 'idempotency-key': crypto.randomUUID() } })
  expect(response.status).toBe(202)
  return response.json()
}
type Heard = JobMessage | Uint8Array
/** What a socket hears, up to and with what is waited for. */
async function hear({ next }: TestSocket, until: (heard: Heard) => boolean): Promise<Heard[]> {
  const all: Heard[] = []
  while (!all.some(until)) all.push((await next()) as Heard)
  return all
}
const isState = (name: string) => (heard: Heard) =>
  'kind' in heard && heard.kind === 'state' && heard.job.state === name
const isPreview = (heard: Heard) => heard instanceof Uint8Array

test('a sentence is read, a picture goes up, the box works, and its result comes back to the byte', async () => {
  const question = { text: 'swap the face in the video for mine', images: 1, videos: 1 }
  const prompt = await (await api.prompt.parse.$post({ json: question })).json()
  expect(prompt).toMatchObject({ understood: true, choices: [{ workflow: 'face_swap_reactor' }, {}, {}, {}] })
  for (const { title, model, readiness } of prompt.choices) {
    expect([title, model]).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/\w/)])
    expect(['ready', 'lacking']).toContain(readiness.name)
  }

  const job = await generate(QUICK)
  const heard = await hear(server.socket(`/ws/generate/${job.id}`), isState('succeeded'))
  expect(heard[0]).toMatchObject({ kind: 'state', job: { id: job.id } })
  const fractions = heard.flatMap((one) =>
    'kind' in one && one.kind === 'progress' ? [one.progress.fraction] : [],
  )
  expect(fractions.length).toBeGreaterThan(0)
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
  expect(heard.some(isPreview)).toBe(true)

  const ended = await (await api.jobs[':id'].$get({ param: { id: job.id } })).json()
  expect(ended).toMatchObject({ state: 'succeeded', results: [{ output: 'result', bytes: sent.length }] })
  const result = await fetch(server.origin + ended.results[0]!.url)
  expect(new Uint8Array(await result.arrayBuffer())).toEqual(new Uint8Array(sent))
  const thumbnail = await fetch(server.origin + ended.thumbnailUrl!)
  expect(thumbnail.headers.get('Content-Type')).toMatch(/^image\//)
  await thumbnail.arrayBuffer()
})

test('a page that comes back in the middle is told everything first, and then goes on', async () => {
  const job = await generate(SLOW)
  const first = server.socket(`/ws/generate/${job.id}`)
  await hear(first, isPreview)
  const held = box.hold()
  first.socket.terminate()
  const second = server.socket(`/ws/generate/${job.id}`)
  const heard = await hear(second, isPreview)
  expect(heard[0]).toMatchObject({
    kind: 'state',
    job: {
      state: 'running',
      box: 'attic',
      progress: { fraction: expect.any(Number), doing: expect.any(String) },
    },
  })
  held.release()
  await hear(second, (one) => 'kind' in one && one.kind === 'progress')
  await api.jobs[':id'].$delete({ param: { id: job.id }, query: {} })
  await hear(second, isState('cancelled'))
})

test('cancelling a job that runs interrupts it on its box', async () => {
  const job = await generate(SLOW)
  const socket = server.socket(`/ws/generate/${job.id}`)
  await hear(socket, isPreview)
  const held = box.hold()
  const response = await api.jobs[':id'].$delete({ param: { id: job.id }, query: {} })
  expect([response.status, await response.json()]).toMatchObject([202, { cancelRequested: true }])
  held.release()
  await hear(socket, isState('cancelled'))
  expect(box.ran.at(-1)?.outcome).toBe('interrupted')
})
