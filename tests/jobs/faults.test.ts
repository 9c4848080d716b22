/** What may go wrong with a box, and what becomes of the job: each fault ends in one result, or in a sentence. */
import { afterAll, expect, test, vi } from 'vitest'
import type { Files } from '../../edge-server/files/files'
import type { Job } from '../../edge-server/jobs/job'
import { malformedJson, refusal, serverError, type Trouble, wrongShape, wrongType } from '../comfy/faults'
import { openScene, picturePng, type Scene } from './scene'
import { jobIn, until } from './server-parts'

const NEVER = /traceback|\/srv|\/tmp|https?:|127\.0\.0\.1|undefined|\[object/i

async function expectPicture({ server, picture }: Scene, job: Job): Promise<void> {
  const { state } = await jobIn(server, job.id, 'succeeded')
  if (state.name !== 'succeeded') throw new Error('It did not succeed.')
  expect(state.results).toEqual([
    { output: 'result', file: picture.id, type: 'image/png', bytes: picturePng.length },
  ])
}

async function failure({ server }: Scene, job: Job) {
  const { state } = await jobIn(server, job.id, 'failed')
  if (state.name !== 'failed') throw new Error('It did not fail.')
  expect(state.error.message).not.toMatch(NEVER)
  return state.error
}

test.concurrent.each(['0.26.0', '0.3.64'] as const)(
  'a job goes to a box of version %s and its result comes back',
  async (version) => {
    await using scene = await openScene({ boxes: [{ version }] })
    const told: string[] = []
    using _ = scene.server.jobs.watch((event) => {
      if (event.kind === 'changed') told.push(event.job.state.name)
    })
    const job = await scene.add('slow', { steps: 3 })
    await expectPicture(scene, job)
    expect(told).toEqual(['queued', 'preparing', 'uploading', 'running', 'fetching', 'succeeded'])
    expect(scene.box.ran.map(({ outcome }) => outcome)).toEqual(['succeeded'])
  },
)

test.concurrent('progress runs from 0 to 1 without going back, with words and previews', async () => {
  await using scene = await openScene()
  const told: { fraction: number; doing: string }[] = []
  let previews = 0
  using _ = scene.server.jobs.watch((event) => {
    if (event.kind === 'progress') told.push(event.progress)
    if (event.kind === 'preview' && event.preview.type === 'image/jpeg') previews += 1
  })
  await expectPicture(scene, await scene.add('slow', { seconds: 1, steps: 8, preview: true }))
  const fractions = told.map(({ fraction }) => fraction)
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
  expect(fractions.at(-1)).toBe(1)
  expect(told.filter(({ doing }) => /step \d of 8/.test(doing)).length).toBeGreaterThan(1)
  expect(previews).toBeGreaterThan(0)
})

test.concurrent('a box that refuses: the job fails, and nothing ran', async () => {
  await using scene = await openScene()
  scene.box.fault({ on: 'POST /prompt', trouble: refusal })
  const error = await failure(scene, await scene.add('slow'))
  expect(error.name).toBe('BoxRefused')
  expect(error.message).toContain('“attic”')
  expect(scene.box.ran).toEqual([])
})

test.concurrent('a model that is gone since the box was asked is named in the failure', async () => {
  await using scene = await openScene({ healthMs: 60_000 })
  await until('the box is known', () => scene.server.boxes.list[0]?.health.name === 'up')
  scene.box.hide({ models: ['toy_vae.safetensors'] })
  const error = await failure(scene, await scene.add('model'))
  expect(error).toMatchObject({
    name: 'BoxRefused',
    missing: [{ kind: 'model', name: 'toy_vae.safetensors' }],
  })
  expect(error.message).toContain('toy_vae.safetensors')
})

test.concurrent('a node that fails: its name and what it said, without the insides of the box', async () => {
  await using scene = await openScene()
  const error = await failure(scene, await scene.add('fail'))
  expect(error.name).toBe('BoxFailed')
  expect(error.message).toContain('EdgeTestFail')
  expect(error.message).toContain('wan.pt')
  expect(scene.box.ran).toHaveLength(1)
})

test.concurrent('somebody interrupts the prompt on the box: the job says so', async () => {
  await using scene = await openScene()
  const job = await scene.add('slow', { seconds: 20, steps: 400 })
  const ran = await until('it runs', () => scene.box.ran.find(({ outcome }) => outcome === 'running'))
  const body = JSON.stringify({ prompt_id: ran.id })
  await fetch(`${scene.box.url}/interrupt`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json' },
  })
  expect((await failure(scene, job)).name).toBe('Interrupted')
})

test.concurrent('a box that leaves no file: NoResult', async () => {
  await using scene = await openScene()
  const job = await scene.add('slow', { seconds: 0.3 })
  const { id } = await until('it was sent', () => scene.box.ran[0])
  const entry = {
    prompt: [0, id, {}, {}, ['3']],
    outputs: {},
    status: { status_str: 'success', completed: true, messages: [] },
    meta: {},
  }
  const body = JSON.stringify({ [id]: entry })
  const trouble = { kind: 'answer', status: 200, type: 'application/json', body } as const
  scene.box.fault({ on: `GET /history/${id}`, trouble })
  expect((await failure(scene, job)).name).toBe('NoResult')
})

const strange: readonly [string, Trouble][] = [
  ['malformed JSON', malformedJson],
  ['JSON of another shape', wrongShape],
  ['a page of another server', wrongType],
  ['a bad gateway', serverError],
  ['a broken connection', { kind: 'drop' }],
]
const calls = ['GET /object_info', 'POST /upload', 'POST /prompt', 'GET /queue', 'GET /history', 'GET /view']

test.concurrent.each(calls.flatMap((on) => strange.map(([what, trouble]) => ({ on, what, trouble }))))(
  '$what in answer to $on is borne: one result, one run',
  async ({ on, trouble }) => {
    await using scene = await openScene()
    // A prompt is sent twice at most, so there it may go wrong once.
    scene.box.fault({ on, trouble, times: on === 'POST /prompt' ? 1 : 2 })
    await expectPicture(scene, await scene.add('slow'))
    expect(scene.box.ran.map(({ outcome }) => outcome)).toEqual(['succeeded'])
  },
)

test.concurrent('a box that never takes a prompt: the job fails after the second time, and nothing ran', async () => {
  await using scene = await openScene()
  scene.box.fault({ on: 'POST /prompt', trouble: serverError })
  const job = await scene.add('slow')
  expect((await failure(scene, job)).name).toBe('BoxLost')
  expect(scene.box.ran).toEqual([])
})

test.concurrent('what is no picture, video or sound is no result', async () => {
  await using scene = await openScene()
  scene.box.fault({ on: 'GET /view', trouble: wrongType })
  expect((await failure(scene, await scene.add('slow'))).name).toBe('NoResult')
})

test.concurrent('the answer to a prompt is lost: it is found, not sent again', async () => {
  await using scene = await openScene()
  scene.box.fault({ on: 'POST /prompt', trouble: { kind: 'lose-answer' } })
  const job = await scene.add('slow', { seconds: 0.2 })
  await expectPicture(scene, job)
  expect(scene.box.ran).toHaveLength(1)
  expect((await scene.server.jobs.find(job.id))?.submissions).toBe(1)
})

test.concurrent('a box that dies while files are sent to it gets them when it is back', async () => {
  await using scene = await openScene()
  scene.box.fault({ on: 'POST /upload', trouble: { kind: 'hang' }, times: 1 })
  const job = await scene.add('slow')
  await jobIn(scene.server, job.id, 'uploading')
  await scene.box.kill()
  const waiting = await until('it waits', async () => {
    const found = await scene.server.jobs.find(job.id)
    return found?.state.name === 'queued' && found.state.waiting
  })
  expect(waiting.reason).toContain('“attic”')
  scene.box.clearFaults()
  await scene.box.restart()
  await expectPicture(scene, job)
  expect(scene.box.ran).toHaveLength(1)
})

test.concurrent('an upload that breaks in the middle is repeated', async () => {
  await using scene = await openScene()
  const trouble = { kind: 'drop', afterRequestBytes: 40 } as const
  scene.box.fault({ on: 'POST /upload', trouble, times: 2 })
  await expectPicture(scene, await scene.add('slow'))
  expect(scene.box.ran).toHaveLength(1)
})

test.concurrent('a box that dies while the prompt runs lost it: sent once more, with the reason', async () => {
  await using scene = await openScene()
  const reasons: string[] = []
  using _ = scene.server.jobs.watch((event) => {
    if (event.kind === 'changed' && event.job.state.name === 'queued' && event.job.state.waiting) {
      reasons.push(event.job.state.waiting.reason)
    }
  })
  const job = await scene.add('slow', { seconds: 0.5 })
  await until('it runs', () => scene.box.ran[0]?.outcome === 'running')
  await scene.box.restart()
  await expectPicture(scene, job)
  expect(scene.box.ran.map(({ outcome }) => outcome)).toEqual(['lost', 'succeeded'])
  expect(reasons[0]).toContain('restarted')
})

test.concurrent('a box that loses the job twice ends it: BoxLost, and never a third time', async () => {
  await using scene = await openScene()
  const job = await scene.add('slow', { seconds: 30, steps: 3000 })
  for (const nth of [0, 1]) {
    await until('it runs', () => scene.box.ran[nth]?.outcome === 'running')
    await scene.box.restart()
  }
  expect((await failure(scene, job)).name).toBe('BoxLost')
  expect(scene.box.ran).toHaveLength(2)
})

test.concurrent('sockets that drop and return: the job goes on, once', async () => {
  await using scene = await openScene()
  const job = await scene.add('slow', { seconds: 1.5, steps: 30 })
  await until('it runs', () => scene.box.ran[0]?.outcome === 'running')
  for (const _ of [1, 2, 3]) {
    await until('there is a socket', () => scene.box.sockets > 0)
    scene.box.dropSockets()
  }
  await expectPicture(scene, job)
  expect(scene.box.ran).toHaveLength(1)
})

test.concurrent.each([
  ['a huge text', 'x'.repeat(40 * 2 ** 20)],
  ['a huge picture', Buffer.concat([Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]), Buffer.alloc(40 * 2 ** 20)])],
  ['half a frame', Buffer.from([0, 0, 0, 4, 0, 255])],
  ['no JSON', '{"type":'],
  ['another type', '{"type":"progress","data":{"value":"much","max":null,"prompt_id":7}}'],
])('%s from the socket harms nobody', async (_, data) => {
  await using scene = await openScene()
  const job = await scene.add('slow', { seconds: 0.5, steps: 10 })
  await until('it runs', () => scene.box.ran[0]?.outcome === 'running')
  await until('there is a socket', () => scene.box.sockets > 0)
  scene.box.sendRaw(data)
  await expectPicture(scene, job)
  expect(scene.box.ran).toHaveLength(1)
})

test.concurrent.each(['POST /upload', 'POST /prompt', 'GET /view'])(
  'a box that hangs on %s can be left',
  async (on) => {
    await using scene = await openScene()
    scene.box.fault({ on, trouble: { kind: 'hang' } })
    const job = await scene.add('slow')
    const state = { 'POST /upload': 'uploading', 'POST /prompt': 'running', 'GET /view': 'fetching' } as const
    await jobIn(scene.server, job.id, state[on as keyof typeof state])
    await scene.server.jobs.cancel(job.id)
    await jobIn(scene.server, job.id, 'cancelled')
  },
)

test.concurrent('a download that breaks in the middle arrives whole', async () => {
  await using scene = await openScene({ boxes: [{ videoBytes: 5_000_000 }] })
  scene.box.fault({ on: 'GET /view', trouble: { kind: 'break', afterBytes: 1_000_000 }, times: 3 })
  const job = await scene.add('video')
  const { state } = await jobIn(scene.server, job.id, 'succeeded')
  expect(state).toMatchObject({ results: [{ output: 'result', type: 'video/mp4', bytes: 5_000_000 }] })
  expect(scene.box.ran).toHaveLength(1)
})

test.concurrent('a box that dies while the result is fetched keeps it, and it is fetched when it is back', async () => {
  await using scene = await openScene({ boxes: [{ videoBytes: 5_000_000 }] })
  scene.box.fault({ on: 'GET /view', trouble: { kind: 'hang' }, times: 1 })
  const job = await scene.add('video')
  await jobIn(scene.server, job.id, 'fetching')
  scene.box.clearFaults()
  await scene.box.restart()
  await jobIn(scene.server, job.id, 'succeeded')
  expect(scene.box.ran.map(({ outcome }) => outcome)).toEqual(['succeeded'])
})

afterAll(() => vi.restoreAllMocks())

/** Files that fail so often before they work as they should. */
const failing =
  (times: number) =>
  (files: Files): Files => {
    let left = times
    return {
      ...files,
      async find(id) {
        if (left-- > 0) throw new Error('EIO: /srv/understudy/files: i/o error')
        return files.find(id)
      },
    }
  }

test.concurrent('a surprise on this server is got over', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  await using scene = await openScene({ wrap: { files: failing(2) } })
  await expectPicture(scene, await scene.add('slow'))
  expect(said).toHaveBeenCalledWith(expect.stringContaining('unexpected'), expect.any(Error))
})

test.concurrent('one that does not end is told, without its insides', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  await using scene = await openScene({ wrap: { files: failing(1000) } })
  const error = await failure(scene, await scene.add('slow'))
  expect(error.name).toBe('Internal')
  expect(scene.server.boxes.list[0]?.taken).toBe(0)
})
