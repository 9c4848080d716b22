/** Cancelled means cancelled, on the box too; and nobody else's work is touched. */
import { expect, test } from 'vitest'
import type { Job } from '../../edge-server/jobs/job'
import type { StandIn } from '../comfy/stand-in'
import { openScene, type Scene } from './scene'
import { jobIn, until } from './server-parts'

const long = { seconds: 60, steps: 6000 }

async function cancel({ server }: Scene, job: Job): Promise<void> {
  await server.jobs.cancel(job.id)
  await jobIn(server, job.id, 'cancelled')
}

/** A prompt that is sent past us; somebody else's, unless it has an id of ours. */
async function foreignPrompt(box: StandIn, seconds: number, ours?: string): Promise<string> {
  const graph = {
    '1': { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 0 } },
    '2': {
      class_type: 'EdgeTestSlow',
      inputs: { image: ['1', 0], seconds, steps: 100, preview: false, nonce: 7 },
    },
    '3': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'foreign' } },
  }
  const headers = { 'Content-Type': 'application/json' }
  const response = await fetch(`${box.url}/prompt`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ prompt: graph, ...(ours ? { prompt_id: ours } : {}) }),
  })
  const { prompt_id: id } = (await response.json()) as { prompt_id: string }
  return id
}

test.concurrent('in the queue, where no box answers', async () => {
  await using scene = await openScene()
  await scene.box.kill()
  await until('the box is known to be down', () => scene.server.boxes.list[0]?.health.name === 'down')
  const job = await scene.add('slow')
  await until('it is told why it waits', async () => {
    const found = await scene.server.jobs.find(job.id)
    return found?.state.name === 'queued' && found.state.waiting
  })
  await cancel(scene, job)
})

test.concurrent('while files are sent', async () => {
  await using scene = await openScene()
  scene.box.fault({ on: 'POST /upload', trouble: { kind: 'hang' } })
  const job = await scene.add('slow')
  await jobIn(scene.server, job.id, 'uploading')
  await cancel(scene, job)
  expect(scene.box.ran).toEqual([])
  expect(scene.server.boxes.list[0]?.taken).toBe(0)
})

test.concurrent('pending on the box: taken off its queue, and the prompt before it runs on', async () => {
  await using scene = await openScene()
  const foreign = await foreignPrompt(scene.box, 1)
  const job = await scene.add('slow')
  await until('it is pending', () => scene.box.ran[1]?.outcome === 'pending')
  await cancel(scene, job)
  expect(scene.box.ran[1]?.outcome).toBe('deleted')
  await until('the other ends', () => scene.box.ran[0]?.outcome !== 'running')
  expect(scene.box.ran[0]).toMatchObject({ id: foreign, outcome: 'succeeded' })
})

test.concurrent('running on the box: interrupted, and the prompt after it runs', async () => {
  await using scene = await openScene()
  const job = await scene.add('slow', long)
  await until('it runs', () => scene.box.ran[0]?.outcome === 'running')
  await foreignPrompt(scene.box, 0)
  await cancel(scene, job)
  expect(scene.box.ran[0]?.outcome).toBe('interrupted')
  expect(
    await until('the other ends', () => scene.box.ran[1]?.outcome !== 'pending' && scene.box.ran[1]),
  ).toBeTruthy()
  await until('the other succeeds', () => scene.box.ran[1]?.outcome === 'succeeded')
})

test.concurrent('while the result is fetched', async () => {
  await using scene = await openScene()
  scene.box.fault({ on: 'GET /view', trouble: { kind: 'hang' } })
  const job = await scene.add('slow')
  await jobIn(scene.server, job.id, 'fetching')
  await cancel(scene, job)
})

test.concurrent('on a box that does not answer: cancelled here, and there as soon as it answers', async () => {
  await using scene = await openScene({ runner: { patience: { cancelMs: 300 } } })
  const job = await scene.add('slow', long)
  await until('it runs', () => scene.box.ran[0]?.outcome === 'running')
  const silence = scene.box.fault({ on: '', trouble: { kind: 'drop' } })
  scene.box.dropSockets()
  await cancel(scene, job)
  expect(scene.box.ran[0]?.outcome).toBe('running')
  silence[Symbol.dispose]()
  await until('it is interrupted', () => scene.box.ran[0]?.outcome === 'interrupted')
  await until(
    'nothing is left to do',
    async () => (await scene.server.jobs.abandoned.on('attic')).length === 0,
  )
})

test.concurrent('two clients cancel and retry at once: one ending each time, and one run at a time', async () => {
  await using scene = await openScene()
  const { jobs } = scene.server
  const job = await scene.add('slow', long)
  for (const round of [0, 1, 2]) {
    await until('it runs', () => scene.box.ran[round]?.outcome === 'running')
    await Promise.all([jobs.cancel(job.id), jobs.cancel(job.id)])
    await jobIn(scene.server, job.id, 'cancelled')
    const retries = await Promise.allSettled([jobs.retry(job.id), jobs.retry(job.id)])
    expect(retries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(retries.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { name: 'IllegalMoveError' },
    })
  }
  await until('it runs', () => scene.box.ran[3]?.outcome === 'running')
  // Cancel and retry in the same breath: whichever comes first, the job has one state and at most one prompt.
  await Promise.allSettled([jobs.cancel(job.id), jobs.retry(job.id), jobs.cancel(job.id), jobs.retry(job.id)])
  await jobIn(scene.server, job.id, 'cancelled')
  const alive = scene.box.ran.filter(({ outcome }) => outcome === 'running' || outcome === 'pending')
  expect(alive).toEqual([])
  expect(scene.box.ran.map(({ outcome }) => outcome)).toEqual(Array(4).fill('interrupted'))
})

test.concurrent('a prompt that reaches its box after it was cancelled is taken off there', async () => {
  await using scene = await openScene()
  scene.box.fault({ on: 'POST /prompt', trouble: { kind: 'hang' }, times: 1 })
  const job = await scene.add('slow', long)
  const { state } = await jobIn(scene.server, job.id, 'running')
  if (state.name !== 'running') throw new Error('It does not run.')
  await cancel(scene, job)
  await foreignPrompt(scene.box, 60, state.prompt.promptId) // as if the network had held it back
  await until('it is interrupted', () => scene.box.ran[0]?.outcome === 'interrupted')
  await until(
    'nothing is left to do',
    async () => (await scene.server.jobs.abandoned.on('attic')).length === 0,
  )
})
