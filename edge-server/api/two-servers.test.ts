/** Two servers that share one Redis: a job is the same whichever of them is asked. */
import { hc } from 'hono/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OWN } from '../../tests/api/own-workflow'
import { pngOf, streamOf } from '../../tests/api/pictures'
import { startServer, type TestServer, type TestSocket } from '../../tests/api/server'
import { type StandIn, startStandIn } from '../../tests/comfy/stand-in'
import { noRedis, type RedisServer, startRedis } from '../../tests/jobs/redis-server'
import type { App } from '../app'
import type { Boxes } from '../comfy/boxes'
import { openBoxes } from '../comfy/open-boxes'
import { openRedisJobs } from '../jobs/redis-jobs'
import { type Runner, startRunner } from '../jobs/runner'
import type { JobMessage } from './schemas'

const sent = pngOf(77)
let redis: RedisServer
let box: StandIn
let boxes: Boxes
/** It has the box, and works. */
let worker: TestServer
let runner: Runner
/** It is what the browser talks to. */
let front: TestServer
let api: ReturnType<typeof hc<App>>['api']

describe.skipIf(noRedis)('two servers', () => {
  beforeAll(async () => {
    redis = await startRedis({ keeps: true })
    box = await startStandIn()
    boxes = openBoxes([{ name: 'attic', url: box.url, concurrency: 2 }])
    await boxes.refresh(AbortSignal.timeout(10_000))
    worker = await startServer({ boxes, jobs: await openRedisJobs(redis.url) })
    runner = startRunner(worker.parts)
    const { files, previewFolder } = worker.parts
    front = await startServer({ jobs: await openRedisJobs(redis.url), files, previewFolder })
    api = hc<App>(front.origin).api
  })
  afterAll(async () => {
    await runner?.[Symbol.asyncDispose]()
    await front?.[Symbol.asyncDispose]()
    await worker?.[Symbol.asyncDispose]()
    await boxes?.close()
    await box?.close()
    await redis?.[Symbol.asyncDispose]()
  })

  async function follow(seconds: number): Promise<{ id: string; socket: TestSocket }> {
    const file = { stream: streamOf(sent), name: 'me.png', accept: ['image'], maxBytes: 1e6 } as const
    const { id: picture } = await front.parts.files.add(file, AbortSignal.timeout(10_000))
    const json = { workflow: OWN, inputs: { picture }, parameters: { steps: 20, seconds } }
    const { id } = await (await api.generate.$post({ json, header: {} })).json()
    return { id, socket: front.socket(`/ws/generate/${id}`) }
  }
  type Heard = JobMessage | Uint8Array
  async function hear({ next }: TestSocket, until: (heard: Heard) => boolean): Promise<Heard[]> {
    const all: Heard[] = []
    while (!all.some(until)) all.push((await next()) as Heard)
    return all
  }
  const isState = (name: string) => (heard: Heard) =>
    'kind' in heard && heard.kind === 'state' && heard.job.state === name
  const isPreview = (heard: Heard) => heard instanceof Uint8Array
  const isProgress = (heard: Heard) => 'kind' in heard && heard.kind === 'progress'

  test('a job that the other one works on is followed, and its result handed out', async () => {
    const { id, socket } = await follow(0.2)
    const heard = await hear(socket, isState('succeeded'))
    expect(heard.some(isProgress)).toBe(true)
    expect(heard.some(isPreview)).toBe(true)
    const result = await fetch(`${front.origin}/api/jobs/${id}/result`)
    expect(new Uint8Array(await result.arrayBuffer())).toEqual(new Uint8Array(sent))
  })

  test('a job that the other one works on is cancelled on its box', async () => {
    const { id, socket } = await follow(10) // it does not end before it is held
    await hear(socket, isPreview) // it is on the box
    const held = box.hold()
    await api.jobs[':id'].$delete({ param: { id }, query: {} })
    held.release()
    await hear(socket, isState('cancelled'))
    expect(box.ran.at(-1)?.outcome).toBe('interrupted')
  })
})
