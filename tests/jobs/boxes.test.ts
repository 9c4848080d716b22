/** Boxes that come, go, lack something or fall silent: where a job goes, and what it says meanwhile. */
import { expect, test } from 'vitest'
import type { Job, Waiting } from '../../edge-server/jobs/job'
import { openScene, type Scene } from './scene'
import { jobIn, until } from './server-parts'

const waitingOf = (scene: Scene, job: Job, matching: RegExp): Promise<Waiting> =>
  until(`it waits because of ${matching}`, async () => {
    const found = await scene.server.jobs.find(job.id)
    const waiting = found?.state.name === 'queued' ? found.state.waiting : undefined
    return waiting && matching.test(waiting.reason) ? waiting : undefined
  })

test.concurrent('no box answers, then one does: the job says so and runs', async () => {
  await using scene = await openScene()
  await scene.box.kill()
  await until('the box is known to be down', () => scene.server.boxes.list[0]?.health.name === 'down')
  const job = await scene.add('slow')
  expect((await waitingOf(scene, job, /does not answer/)).reason).toContain('“attic”')
  await scene.box.restart()
  await jobIn(scene.server, job.id, 'succeeded')
})

test.concurrent('a model file is missing: named, with how to get it; the job runs when it is there', async () => {
  await using scene = await openScene()
  scene.box.hide({ models: ['toy_vae.safetensors'] })
  await scene.server.boxes.refresh(AbortSignal.timeout(10_000))
  const job = await scene.add('model')
  const { missing } = await waitingOf(scene, job, /toy_vae\.safetensors/)
  expect(missing).toMatchObject([{ kind: 'model', name: 'toy_vae.safetensors' }])
  expect(missing?.[0]?.how).toMatch(/\w{3}/)
  const other = await scene.add('slow')
  await jobIn(scene.server, other.id, 'succeeded') // whoever waits does not stand in the way
  scene.box.show()
  await jobIn(scene.server, job.id, 'succeeded')
  expect(scene.box.ran).toHaveLength(2)
})

test.concurrent('a node is missing on one box: the job goes to the one that has it', async () => {
  await using scene = await openScene({ boxes: [{}, {}] })
  const [attic, barn] = scene.boxes
  attic?.hide({ nodes: ['EdgeTestSlow'] })
  await scene.server.boxes.refresh(AbortSignal.timeout(10_000))
  for (const job of [await scene.add('slow'), await scene.add('slow'), await scene.add('slow')]) {
    await jobIn(scene.server, job.id, 'succeeded')
  }
  expect(attic?.ran).toEqual([])
  expect(barn?.ran).toHaveLength(3)
})

test.concurrent('a box dies in the middle: the job goes to another one, with the reason', async () => {
  await using scene = await openScene({ boxes: [{}, {}] })
  const reasons: string[] = []
  using _ = scene.server.jobs.watch((event) => {
    if (event.kind === 'changed' && event.job.state.name === 'queued' && event.job.state.waiting) {
      reasons.push(event.job.state.waiting.reason)
    }
  })
  const job = await scene.add('slow', { seconds: 0.5 })
  const first = await until('it runs', () => scene.boxes.find(({ ran }) => ran[0]?.outcome === 'running'))
  await first.kill()
  await jobIn(scene.server, job.id, 'succeeded')
  const other = scene.boxes.find((box) => box !== first)
  expect(other?.ran.map(({ outcome }) => outcome)).toEqual(['succeeded'])
  expect(reasons).toEqual([expect.stringMatching(/stopped answering.*another box/)])
})

test.concurrent('a box falls silent and goes on: its prompt is taken off when it answers, and only one result is fetched', async () => {
  await using scene = await openScene({ boxes: [{}, {}] })
  const job = await scene.add('slow', { seconds: 1.5, steps: 150 })
  const first = await until('it runs', () => scene.boxes.find(({ ran }) => ran[0]?.outcome === 'running'))
  const held = first.hold() // so that it still runs when the box answers again
  const silence = first.fault({ on: '', trouble: { kind: 'drop' } })
  first.dropSockets()
  await jobIn(scene.server, job.id, 'succeeded')
  const other = scene.boxes.find((box) => box !== first)
  expect(other?.ran.map(({ outcome }) => outcome)).toEqual(['succeeded'])
  silence[Symbol.dispose]()
  const name = first === scene.boxes[0] ? 'attic' : 'barn'
  await until('the first answers again', () =>
    scene.server.boxes.list.some((box) => box.name === name && box.health.name === 'up'),
  )
  held.release()
  await until('it is interrupted', () => first.ran[0]?.outcome === 'interrupted')
  expect(first.ran).toHaveLength(1)
})

test.concurrent('an abandoned prompt that had finished is forgotten, not fetched', async () => {
  await using scene = await openScene({ boxes: [{}, {}] })
  const job = await scene.add('slow', { seconds: 0.5 })
  const first = await until('it runs', () => scene.boxes.find(({ ran }) => ran[0]?.outcome === 'running'))
  const silence = first.fault({ on: '', trouble: { kind: 'drop' } })
  first.dropSockets()
  const done = await jobIn(scene.server, job.id, 'succeeded')
  await until('the first one finished as well', () => first.ran[0]?.outcome === 'succeeded')
  silence[Symbol.dispose]()
  await until('nothing is left to do', async () => {
    const left = await Promise.all(['attic', 'barn'].map((box) => scene.server.jobs.abandoned.on(box)))
    return left.flat().length === 0
  })
  expect((await scene.server.jobs.find(job.id))?.version).toBe(done.version)
})

test.concurrent('the only box falls silent and comes back: the job stays with it and runs once', async () => {
  await using scene = await openScene({ runner: { patience: { boxMs: 300 } } })
  const told: string[] = []
  using _ = scene.server.jobs.watch((event) => {
    if (event.kind === 'progress') told.push(event.progress.doing)
  })
  const job = await scene.add('slow', { seconds: 1 })
  await until('it runs', () => scene.box.ran[0]?.outcome === 'running')
  const silence = scene.box.fault({ on: '', trouble: { kind: 'drop' } })
  scene.box.dropSockets()
  await until('it says so', () => told.some((doing) => /“attic”, which does not answer/.test(doing)))
  await until('the prompt ends unheard', () => scene.box.ran[0]?.outcome === 'succeeded')
  silence[Symbol.dispose]()
  await jobIn(scene.server, job.id, 'succeeded')
  expect(scene.box.ran).toHaveLength(1)
})

test.concurrent('places are kept to: no more prompts of ours at once than the box has places', async () => {
  await using scene = await openScene({ concurrency: 2 })
  const held = scene.box.hold()
  const jobs = await Promise.all(Array.from({ length: 5 }, () => scene.add('slow')))
  await until('two are there', () => scene.box.ran.length === 2)
  const counts = await scene.server.jobs.counts()
  expect(counts.queued).toBe(3)
  // Those that find no place are not claimed at all: nothing says that they wait for something.
  for (const { id } of jobs) {
    const job = await scene.server.jobs.find(id)
    if (job?.state.name === 'queued') expect(job.version).toBe(1)
  }
  held.release()
  for (const { id } of jobs) await jobIn(scene.server, id, 'succeeded')
})

test.concurrent('the only box for a job is full: the job says so, and others go past it', async () => {
  await using scene = await openScene({ boxes: [{}, {}], concurrency: 1 })
  const [attic, barn] = scene.boxes
  attic?.hide({ nodes: ['EdgeTestSlow'] })
  await scene.server.boxes.refresh(AbortSignal.timeout(10_000))
  const held = barn?.hold()
  const first = await scene.add('slow')
  await until('the first is there', () => barn?.ran.length === 1)
  const second = await scene.add('slow')
  await waitingOf(scene, second, /busy/)
  const other = await scene.add('model')
  await jobIn(scene.server, other.id, 'succeeded')
  expect(attic?.ran).toHaveLength(1)
  held?.release()
  for (const { id } of [first, second]) await jobIn(scene.server, id, 'succeeded')
  expect(barn?.ran).toHaveLength(2)
})

test.concurrent('a stored input that is gone ends the job before anything is sent', async () => {
  await using scene = await openScene()
  await scene.box.kill()
  const job = await scene.add('slow')
  await scene.server.files.remove(scene.picture.id)
  await scene.box.restart()
  const { state } = await jobIn(scene.server, job.id, 'failed')
  expect(state).toMatchObject({ error: { name: 'InputGone' } })
  expect(scene.box.ran).toEqual([])
})
