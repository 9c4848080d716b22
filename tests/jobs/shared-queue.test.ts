/** Servers that share one queue in Redis, each a process: whichever is asked, whichever dies. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { BoxConfig } from '../../edge-server/comfy/boxes'
import { openFiles } from '../../edge-server/files/open-files'
import type { Jobs } from '../../edge-server/jobs/jobs'
import { openRedisJobs } from '../../edge-server/jobs/redis-jobs'
import { startStandIn } from '../comfy/stand-in'
import { type BuiltServer, buildServer, deathOf } from './built-server'
import { noRedis, startRedis } from './redis-server'
import { picturePng } from './scene'
import { boxesAt, dataFolder, jobIn, openServer, storePicture, until } from './server-parts'
import { toyGraphs, toyRequest } from './toys'

const leaseMs = 1_500

describe.skipIf(noRedis !== undefined)('a queue in Redis', () => {
  let built: BuiltServer
  beforeAll(async () => {
    built = await buildServer('shared')
  })
  afterAll(() => built[Symbol.asyncDispose]())

  /** A server as a process that works on a job of so many seconds; and the queue as another server sees it. */
  async function serverAtWork(
    folder: string,
    redisUrl: string,
    boxes: readonly BoxConfig[],
    seconds: number,
  ) {
    const files = await openFiles(`${folder}/files`, { quotaBytes: 2 ** 30 })
    const { id: picture } = await storePicture({ files }, picturePng)
    const jobs = await openRedisJobs(redisUrl, { leaseMs })
    const server = built.start({ folder, boxes, leaseMs, redisUrl })
    onTestFinished(() => void server.kill('SIGKILL'))
    const { job } = await jobs.add(toyRequest('slow', picture, { seconds, steps: seconds * 10 }))
    return { jobs, server, id: job.id }
  }

  test('a job is followed and cancelled from a server that does not work on it', async () => {
    await using folder = await dataFolder()
    await using redis = await startRedis({ keeps: true })
    await using box = await startStandIn({ graphs: toyGraphs })
    const { jobs, id } = await serverAtWork(folder.path, redis.url, boxesAt({ attic: box.url }), 60)
    await using _jobs = closing(jobs)
    const steps: string[] = []
    using _ = jobs.watch((event) => {
      if (event.kind === 'progress' && event.id === id) steps.push(event.progress.doing)
    })
    await until('its progress is heard', () => steps.some((doing) => /step \d+ of/.test(doing)))
    await jobs.cancel(id)
    await jobIn({ jobs }, id, 'cancelled')
    expect(box.ran.map(({ outcome }) => outcome)).toEqual(['interrupted'])
  })

  test('Redis goes away for a while: the job goes on when it is back, and the prompt ran once', async () => {
    await using folder = await dataFolder()
    await using redis = await startRedis({ keeps: true })
    await using box = await startStandIn({ graphs: toyGraphs })
    const held = box.hold()
    const { jobs, id } = await serverAtWork(folder.path, redis.url, boxesAt({ attic: box.url }), 1)
    await using _jobs = closing(jobs)
    await until('it runs', () => box.ran[0]?.outcome === 'running')
    await redis.kill()
    held.release()
    await until('it ends while nobody can write that down', () => box.ran[0]?.outcome === 'succeeded')
    await redis.restart()
    await until(
      'it is told',
      async () => (await jobs.find(id).catch(() => undefined))?.state.name === 'succeeded',
    )
    expect(box.ran.map(({ outcome }) => outcome)).toEqual(['succeeded'])
  })

  test('a server is killed: another one goes on with its job, and the prompt ran once', async () => {
    await using folder = await dataFolder()
    await using redis = await startRedis({ keeps: true })
    await using box = await startStandIn({ graphs: toyGraphs })
    const boxes = boxesAt({ attic: box.url })
    const { jobs, server, id } = await serverAtWork(folder.path, redis.url, boxes, 1)
    await until('it runs', () => box.ran[0]?.outcome === 'running')
    await using next = await openServer(folder.path, boxes, { jobs })
    server.kill('SIGKILL')
    expect(await deathOf(server)).toBe('SIGKILL')
    await jobIn(next, id, 'succeeded')
    expect(box.ran.map(({ outcome }) => outcome)).toEqual(['succeeded'])
  })
})

const closing = (jobs: Jobs): AsyncDisposable => ({ [Symbol.asyncDispose]: () => jobs.close() })
