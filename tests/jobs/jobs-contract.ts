/** What a queue of jobs must do, whatever keeps it. Both queues call this. */
import { describe, expect, test, vi } from 'vitest'
import {
  type Job,
  type JobRequest,
  MOVES,
  type Move,
  type Prompt,
  STATE_NAMES,
  type StateName,
} from '../../edge-server/jobs/job'
import type { Claim, JobEvent, Jobs } from '../../edge-server/jobs/jobs'
import type { Place } from './jobs-place'

const request: JobRequest = {
  workflow: 'face_swap_reactor',
  tier: 'fast',
  inputs: { source: 'a'.repeat(64) },
  parameters: { seed: 7, strength: 0.5, faces: '', restore: true },
  sentence: 'Swap my face in: ñandú, 笑, "quotes"',
}
const promptId = '4b0ae3c2-0f4c-4e0b-9f38-5f2d4a1c7e11'
const error = { name: 'BoxFailed', message: 'Out of memory.' } as const
const waiting = { reason: 'No box is there.' }
const results = [{ output: 'video', file: 'b'.repeat(64), type: 'video/mp4', bytes: 12 }]
const far = () => Date.now() + 3_600_000

const MOVE: Record<Move['kind'], () => Move> = {
  prepare: () => ({ kind: 'prepare' }),
  upload: () => ({ kind: 'upload', box: 'attic' }),
  submit: () => ({ kind: 'submit', promptId }),
  fetch: () => ({ kind: 'fetch' }),
  succeed: () => ({ kind: 'succeed', results }),
  fail: () => ({ kind: 'fail', error }),
  wait: () => ({ kind: 'wait', waiting, untilMs: far() }),
  cancel: () => ({ kind: 'cancel' }),
  retry: () => ({ kind: 'retry' }),
}
const KINDS = Object.keys(MOVE) as Move['kind'][]
const ROAD = ['prepare', 'upload', 'submit', 'fetch', 'succeed'] as const
const isEnded = (name: StateName) => name === 'succeeded' || name === 'failed' || name === 'cancelled'

/** `openPlace` makes an empty place; the tests are skipped where there is a reason to. */
export function jobsContract(openPlace: () => Promise<Place>): void {
  describe('moves', () => {
    test.for(STATE_NAMES.filter((name) => !isEnded(name)))(
      'from %s: those in the table and no other',
      async (name) => {
        await using place = await openPlace()
        const jobs = await place.open()
        for (const kind of KINDS) {
          const { job } = await jobs.add(request)
          const claim = await claimed(jobs, job)
          await drive(claim, name)
          const before = claim.job
          expect(before.state.name).toBe(name)
          const { from, to }: { from: readonly StateName[]; to: StateName } = MOVES[kind]
          if (from.includes(name)) {
            const after = await claim.move(MOVE[kind]())
            expect(after).toMatchObject({ version: before.version + 1, state: { name: to } })
            expect(await jobs.find(job.id)).toEqual(after)
          } else {
            await expect(claim.move(MOVE[kind]())).rejects.toMatchObject({ name: 'IllegalMoveError' })
            expect(await jobs.find(job.id)).toEqual(before)
          }
          if (!isEnded(claim.job.state.name) && claim.job.state.name !== 'queued')
            await claim.move(MOVE.cancel())
          else if (!from.includes(name)) await claim.move(MOVE.cancel())
          else await jobs.cancel(job.id)
        }
      },
    )

    test.for(['succeeded', 'failed', 'cancelled'] as const)(
      'from %s: only retry, where the table has it',
      async (name) => {
        await using place = await openPlace()
        const jobs = await place.open()
        const { job } = await jobs.add(request)
        const claim = await claimed(jobs, job)
        const ended = await drive(claim, name)
        for (const kind of KINDS) {
          await expect(claim.move(MOVE[kind]())).rejects.toMatchObject({ name: 'LostClaimError' })
        }
        expect(await jobs.find(job.id)).toEqual(ended)
        expect(await jobs.cancel(job.id)).toEqual(ended)
        expect(await jobs.claim()).toBeUndefined()
        const retried = jobs.retry(job.id)
        if (MOVES.retry.from.some((from) => from === name)) {
          const again = {
            state: { name: 'queued' },
            submissions: 0,
            startedMs: undefined,
            endedMs: undefined,
          }
          expect(await retried).toMatchObject({
            ...again,
            version: ended.version + 1,
            cancelRequested: false,
          })
          expect((await jobs.claim())?.job.id).toBe(job.id)
        } else {
          await expect(retried).rejects.toMatchObject({ name: 'IllegalMoveError' })
          expect(await jobs.claim()).toBeUndefined()
        }
      },
    )

    test('a prompt is submitted twice and not a third time, until a person asks again', async () => {
      await using place = await openPlace()
      const jobs = await place.open()
      const { job } = await jobs.add(request)
      const claim = await claimed(jobs, job)
      await drive(claim, 'running')
      await claim.move({ kind: 'wait', waiting, untilMs: 0 })
      const second = await claimed(jobs, job)
      await drive(second, 'running')
      await second.move({ kind: 'wait', waiting, untilMs: 0 })
      const third = await claimed(jobs, job)
      await third.move(MOVE.prepare())
      await third.move(MOVE.upload())
      await expect(third.move(MOVE.submit())).rejects.toMatchObject({ name: 'IllegalMoveError' })
      await third.move(MOVE.fail())
      await jobs.retry(job.id)
      expect(await drive(await claimed(jobs, job), 'running')).toMatchObject({ submissions: 1 })
    })

    test('what a job is, is kept to the letter', async () => {
      await using place = await openPlace()
      const jobs = await place.open()
      const { job, isNew } = await jobs.add(request)
      expect(isNew).toBe(true)
      expect(job).toMatchObject({ request, version: 1, submissions: 0, cancelRequested: false })
      expect(await jobs.find(job.id)).toEqual(job)
      expect(await jobs.find('00000000-0000-4000-8000-000000000000')).toBeUndefined()
      expect(await jobs.find("'; DROP TABLE jobs; --")).toBeUndefined()
      const ended = await drive(await claimed(jobs, job), 'succeeded')
      expect(ended).toMatchObject({ state: { name: 'succeeded', results }, submissions: 1 })
      expect(ended.startedMs).toBeGreaterThanOrEqual(job.addedMs)
      expect(ended.endedMs).toBeGreaterThanOrEqual(ended.startedMs ?? Number.NaN)
      const missing = [{ kind: 'node', name: 'ReActorFaceSwap', how: 'Install it.' }] as const
      const { job: other } = await jobs.add({ ...request, inputs: {}, parameters: {} })
      const moved = await (await claimed(jobs, other)).move({
        kind: 'fail',
        error: { ...error, missing },
      })
      expect(moved.state).toEqual({ name: 'failed', error: { ...error, missing } })
      expect(await jobs.find(other.id)).toEqual(moved)
    })
  })

  describe('the queue', () => {
    test('is first in, first out', async () => {
      await using place = await openPlace()
      const [a, b] = [await place.open(), await place.open()]
      const added: string[] = []
      for (let i = 0; i < 12; i++) added.push((await (i % 2 ? a : b).add(request)).job.id)
      const got: string[] = []
      for (let i = 0; i < 12; i++) got.push((await (i % 3 ? a : b).claim())?.job.id ?? 'nothing')
      expect(got).toEqual(added)
      expect(await a.claim()).toBeUndefined()
    })

    test('holds a job back until its time, and those who wait do not hold up others', async () => {
      await using place = await openPlace()
      const jobs = await place.open()
      const { job: first } = await jobs.add(request)
      const claim = await claimed(jobs, first)
      const untilMs = Date.now() + 400
      const waits = await claim.move({ kind: 'wait', waiting, untilMs })
      expect(waits.state).toEqual({ name: 'queued', waiting, notBeforeMs: untilMs })
      const { job: second } = await jobs.add(request)
      await claimed(jobs, second)
      const again = await vi.waitFor(() => claimed(jobs, first), { timeout: 20_000, interval: 10 })
      expect(Date.now()).toBeGreaterThanOrEqual(untilMs)
      expect(again.job).toEqual(waits)
    })

    test('wakes those who wait, in their order', async () => {
      await using place = await openPlace()
      const [a, b] = [await place.open(), await place.open()]
      const ids: string[] = []
      for (let i = 0; i < 3; i++) ids.push((await a.add(request)).job.id)
      for (let i = 0; i < 3; i++) await (await a.claim())?.move({ kind: 'wait', waiting, untilMs: far() + i })
      expect(await a.claim()).toBeUndefined()
      await b.wake()
      const claims = [await a.claim(), await b.claim(), await a.claim()]
      expect(claims.map((claim) => claim?.job.id)).toEqual(ids)
      expect(claims[0]?.job.state).toMatchObject({ name: 'queued', waiting })
      expect(await a.claim()).toBeUndefined()
      // Waking touches nobody who is at work.
      await drive(claims[0] as Claim, 'running')
      await b.wake()
      expect(await b.claim()).toBeUndefined()
    })

    test('gives each of 500 jobs to one of three servers, once', async () => {
      await using place = await openPlace()
      const servers = [await place.open(), await place.open(), await place.open()]
      const adding = Array.from({ length: 500 }, (_, i) => servers[i % 3]?.add(request))
      const ids = (await Promise.all(adding)).map((added) => added?.job.id)
      const claims = new Map<string, number>()
      const work = async (jobs: Jobs): Promise<void> => {
        for (let claim = await jobs.claim(); claim; claim = await jobs.claim()) {
          claims.set(claim.job.id, (claims.get(claim.job.id) ?? 0) + 1)
          await claim.move(MOVE.prepare())
          await claim.move(MOVE.fail())
        }
      }
      await Promise.all(servers.map(work))
      expect([...claims.keys()].sort()).toEqual(ids.sort())
      expect(new Set(claims.values())).toEqual(new Set([1]))
      expect(await servers[0]?.counts()).toMatchObject({ queued: 0, preparing: 0, failed: 500 })
    })

    test('makes one job of twenty requests with one key', async () => {
      await using place = await openPlace()
      const [a, b] = [await place.open(), await place.open()]
      const twenty = Array.from({ length: 20 }, (_, i) => (i % 2 ? a : b).add(request, 'key: 1'))
      const made = await Promise.all(twenty)
      expect(made.filter(({ isNew }) => isNew)).toHaveLength(1)
      const id = made[0]?.job.id
      expect(new Set(made.map(({ job }) => job.id))).toEqual(new Set([id]))
      expect(await a.list({ limit: 100 })).toHaveLength(1)
      expect((await a.add(request, 'key: 2')).isNew).toBe(true)
      expect((await a.add(request)).isNew).toBe(true)
      // The key gives the job as it is now, and is forgotten with it.
      await a.cancel(id ?? '')
      expect(await b.add(request, 'key: 1')).toMatchObject({
        isNew: false,
        job: { state: { name: 'cancelled' } },
      })
      await a.remove(id ?? '')
      expect((await b.add(request, 'key: 1')).isNew).toBe(true)
    })

    test('lists from the newest on, by states and by pages, and counts', async () => {
      await using place = await openPlace()
      const jobs = await place.open()
      expect(await jobs.list({ limit: 10 })).toEqual([])
      const ids: string[] = []
      for (let i = 0; i < 7; i++) ids.unshift((await jobs.add(request)).job.id)
      for (const end of ['succeeded', 'failed', 'cancelled', 'running'] as const) {
        await drive((await jobs.claim()) as Claim, end)
      }
      const found = async (filter: Parameters<Jobs['list']>[0]) =>
        (await jobs.list(filter)).map(({ id }) => id)
      expect(await found({ limit: 100 })).toEqual(ids)
      expect(await found({ limit: 3 })).toEqual(ids.slice(0, 3))
      expect(await found({ limit: 3, before: ids[2] as string })).toEqual(ids.slice(3, 6))
      expect(await found({ limit: 3, before: ids[6] as string })).toEqual([])
      expect(await found({ limit: 3, before: 'nobody' })).toEqual([])
      expect(await found({ limit: 9, states: ['queued'] })).toEqual(ids.slice(0, 3))
      expect(await found({ limit: 9, states: ['cancelled', 'succeeded'] })).toEqual([ids[4], ids[6]])
      expect(await found({ limit: 1, states: ['cancelled', 'succeeded'], before: ids[4] as string })).toEqual(
        [ids[6]],
      )
      expect(await found({ limit: 9, states: [] })).toEqual([])
      const none = Object.fromEntries(STATE_NAMES.map((name) => [name, 0]))
      expect(await jobs.counts()).toEqual({
        ...none,
        queued: 3,
        running: 1,
        succeeded: 1,
        failed: 1,
        cancelled: 1,
      })
    })
  })

  describe('a claim', () => {
    test('that is released is there for others at once, in the same state', async () => {
      await using place = await openPlace()
      const [a, b] = [await place.open(), await place.open()]
      const { job } = await a.add(request)
      const claim = await claimed(a, job)
      const running = await drive(claim, 'running')
      await a.add(request)
      expect(await b.claim()).toMatchObject({ job: { state: { name: 'queued' } } })
      await claim.release()
      await claim.release()
      await expect(claim.move(MOVE.fetch())).rejects.toMatchObject({ name: 'LostClaimError' })
      const next = await claimed(b, job)
      expect(next.job).toEqual(running)
      expect(next.cancelled.aborted).toBe(false)
      await next.move(MOVE.fetch())
    })

    test('of a server that stops answering goes to another one, and the first one hears of it', async () => {
      await using place = await openPlace()
      const jobs = await place.open()
      const { job } = await jobs.add(request)
      const other = place.spawn(1500)
      expect(await other.line()).toBe(`held ${job.id}`)
      expect(await jobs.claim()).toBeUndefined()
      other.signal('SIGSTOP')
      const claim = await vi.waitFor(() => claimed(jobs, job), { timeout: 30_000, interval: 50 })
      expect(claim.job.state).toMatchObject({ name: 'running', prompt: { box: 'box' } })
      await claim.move(MOVE.fetch())
      other.signal('SIGCONT')
      expect(await other.line()).toBe('lost')
      other.poke()
      expect(await other.line()).toBe('LostClaimError')
      await claim.move(MOVE.succeed())
      expect((await jobs.find(job.id))?.version).toBe(6)
    })

    test('of a server that was killed goes to another one, as often as that happens', async () => {
      await using place = await openPlace()
      const jobs = await place.open()
      const { job } = await jobs.add(request)
      for (let kills = 0; kills < 2; kills++) {
        const other = place.spawn(1000)
        expect(await other.line()).toBe(`held ${job.id}`)
        other.signal('SIGKILL')
      }
      const claim = await vi.waitFor(() => claimed(jobs, job), { timeout: 30_000, interval: 50 })
      expect(claim.job).toMatchObject({ state: { name: 'running' }, submissions: 1, version: 4 })
      await claim.move(MOVE.fetch())
      await claim.move(MOVE.succeed())
    })

    // Again, because a machine that stands still for as long as a lease loses it, and rightly.
    test('is kept by a server that answers, for longer than a lease', { retry: 2 }, async () => {
      await using place = await openPlace()
      const [a, b] = [await place.open({ leaseMs: 1500 }), await place.open()]
      const { job } = await a.add(request)
      const claim = await claimed(a, job)
      const endMs = Date.now() + 3000
      while (Date.now() < endMs) {
        expect(await b.claim()).toBeUndefined()
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      expect(claim.lost.aborted).toBe(false)
      await claim.move(MOVE.prepare())
    })

    test('ends with its server: closed, the jobs are free and its calls fail', async () => {
      await using place = await openPlace()
      const [a, b] = [await place.open(), await place.open()]
      const { job } = await a.add(request)
      const claim = await claimed(a, job)
      await drive(claim, 'uploading')
      await a.close()
      await a.close()
      expect(claim.lost.aborted).toBe(true)
      await expect(claim.move(MOVE.submit())).rejects.toMatchObject({ name: 'LostClaimError' })
      await expect(a.add(request)).rejects.toMatchObject({ name: 'QueueClosedError' })
      await expect(a.claim()).rejects.toMatchObject({ name: 'QueueClosedError' })
      await expect(a.find(job.id)).rejects.toMatchObject({ name: 'QueueClosedError' })
      expect((await claimed(b, job)).job.state).toEqual({ name: 'uploading', box: 'attic' })
    })
  })

  describe('a wish', () => {
    test('to cancel ends a queued job at once', async () => {
      await using place = await openPlace()
      const [a, b] = [await place.open(), await place.open()]
      const { job } = await a.add(request)
      expect(await b.cancel(job.id)).toMatchObject({ state: { name: 'cancelled' }, version: 2 })
      expect(await a.claim()).toBeUndefined()
      expect(await a.cancel('00000000-0000-4000-8000-000000000000')).toBeUndefined()
      expect(await a.retry('00000000-0000-4000-8000-000000000000')).toBeUndefined()
      expect(await a.remove('00000000-0000-4000-8000-000000000000')).toBeUndefined()
    })

    test('to cancel asks the server that holds the job, on whichever it is said', async () => {
      await using place = await openPlace()
      const [a, b] = [await place.open(), await place.open()]
      const { job } = await a.add(request)
      const claim = await claimed(a, job)
      await drive(claim, 'running')
      expect(claim.cancelled.aborted).toBe(false)
      const asked = await b.cancel(job.id)
      expect(asked).toMatchObject({ state: { name: 'running' }, cancelRequested: true })
      expect(await b.cancel(job.id)).toEqual(asked)
      await vi.waitFor(() => expect(claim.cancelled.aborted).toBe(true))
      expect(await b.claim()).toBeUndefined()
      expect(await claim.move(MOVE.cancel())).toMatchObject({ state: { name: 'cancelled' } })
    })

    test('to cancel is known to whoever takes the job over, and ends one that would wait', async () => {
      await using place = await openPlace()
      const [a, b] = [await place.open(), await place.open()]
      const { job } = await a.add(request)
      const claim = await claimed(a, job)
      await drive(claim, 'running')
      await claim.release()
      await b.cancel(job.id)
      const next = await claimed(b, job)
      expect(next.cancelled.aborted).toBe(true)
      expect(await next.move(MOVE.wait())).toMatchObject({ state: { name: 'cancelled' } })
      expect(await a.claim()).toBeUndefined()
    })

    test('to cancel and to try again, at once and from two clients, ends in one of them', async () => {
      await using place = await openPlace()
      const [a, b] = [await place.open(), await place.open()]
      for (let round = 0; round < 20; round++) {
        const { job } = await a.add(request)
        const failed = await drive(await claimed(a, job), 'failed')
        const { id } = job
        const wishes = [() => a.retry(id), () => b.cancel(id), () => b.retry(id), () => a.cancel(id)]
        if (round % 2) wishes.reverse()
        const [won, lost] = split(await Promise.allSettled(wishes.map((wish) => wish())))
        expect(lost.every(({ name }) => name === 'IllegalMoveError')).toBe(true)
        expect(won.length).toBeGreaterThan(0)
        const after = (await a.find(job.id)) as Job
        expect(after.version).toBeGreaterThan(failed.version)
        expect(['queued', 'cancelled']).toContain(after.state.name)
        const claim = await b.claim()
        if (after.state.name === 'queued') {
          expect(claim?.job).toEqual(after)
          expect(await claim?.move(MOVE.fail())).toMatchObject({ version: after.version + 1 })
        }
        expect(await a.claim()).toBeUndefined()
      }
    })

    test('to forget takes ended jobs only', async () => {
      await using place = await openPlace()
      const [a, b] = [await place.open(), await place.open()]
      const { job } = await a.add(request)
      await expect(a.remove(job.id)).rejects.toMatchObject({ name: 'IllegalMoveError' })
      const claim = await claimed(a, job)
      await expect(a.remove(job.id)).rejects.toMatchObject({ name: 'IllegalMoveError' })
      const ended = await drive(claim, 'succeeded')
      const heard = listen(b)
      expect(await a.remove(job.id)).toEqual(ended)
      expect(await b.find(job.id)).toBeUndefined()
      expect(await b.list({ limit: 9 })).toEqual([])
      expect(await b.counts()).toMatchObject({ succeeded: 0 })
      await vi.waitFor(() => expect(heard).toEqual([{ kind: 'removed', id: job.id }]))
    })
  })

  describe('news', () => {
    test('of each change come once and in order, to all servers', async () => {
      await using place = await openPlace()
      const [a, b] = [await place.open(), await place.open()]
      const heard = [listen(a), listen(b)]
      const { job } = await a.add(request, 'key')
      await b.add(request, 'key')
      const claim = await claimed(b, job)
      await drive(claim, 'running')
      await a.cancel(job.id)
      await claim.move(MOVE.cancel())
      const all = [1, 2, 3, 4, 5, 6].map((version) => [version, job.id])
      for (const events of heard) {
        const versions = () =>
          events.map((event) => event.kind === 'changed' && [event.job.version, event.job.id])
        await vi.waitFor(() => expect(versions()).toEqual(all))
      }
      const last = { kind: 'changed', job: await a.find(job.id) }
      expect(heard.map((events) => events.at(-1))).toEqual([last, last])
    })

    test('of progress are kept while the job runs, and heard on the other server after the move before them', async () => {
      await using place = await openPlace()
      const [a, b] = [await place.open(), await place.open()]
      const heard = listen(b)
      const { job } = await a.add(request)
      const claim = await claimed(a, job)
      await drive(claim, 'running')
      const progress = [0.25, 0.5].map((fraction) => ({ fraction, doing: 'Sampling, step 3 of 6', atMs: 17 }))
      for (const step of progress) claim.report(step)
      const told = progress.map((step) => ({ kind: 'progress', id: job.id, progress: step }))
      await vi.waitFor(() => expect(heard.slice(4)).toEqual(told))
      expect(await b.progress(job.id)).toEqual(progress[1])
      expect(await b.progress('nobody')).toBeUndefined()
      await claim.move(MOVE.fetch())
      await claim.move(MOVE.succeed())
      expect(await b.progress(job.id)).toBeUndefined()
      claim.report({ fraction: 1, doing: 'Too late', atMs: 18 })
      expect(await b.progress(job.id)).toBeUndefined()
    })

    test('of previews are the very bytes', async () => {
      await using place = await openPlace()
      const [a, b] = [await place.open(), await place.open()]
      const heard = listen(b)
      const { job } = await a.add(request)
      const claim = await claimed(a, job)
      const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256)
      claim.preview({ type: 'image/jpeg', bytes })
      claim.preview({ type: 'image/png', bytes: new Uint8Array([10, 0, 255]) })
      await vi.waitFor(() => expect(heard.filter(({ kind }) => kind === 'preview')).toHaveLength(2))
      expect(heard.slice(-2)).toEqual([
        { kind: 'preview', id: job.id, preview: { type: 'image/jpeg', bytes } },
        { kind: 'preview', id: job.id, preview: { type: 'image/png', bytes: new Uint8Array([10, 0, 255]) } },
      ])
    })

    test('reach every listener until it stops listening, also beside one that throws', async () => {
      await using place = await openPlace()
      const jobs = await place.open()
      const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
      jobs.watch(() => {
        throw new Error('a listener that fails')
      })
      const [stopped, heard]: [JobEvent[], JobEvent[]] = [[], listen(jobs)]
      const stops = jobs.watch((event) => stopped.push(event))
      await jobs.add(request)
      await vi.waitFor(() => expect([stopped.length, heard.length]).toEqual([1, 1]))
      stops[Symbol.dispose]()
      await jobs.add(request)
      await vi.waitFor(() => expect(heard).toHaveLength(2))
      expect(stopped).toHaveLength(1)
      expect(logged).toHaveBeenCalled()
      logged.mockRestore()
    })
  })

  test('all is there again after every server closed', async () => {
    await using place = await openPlace()
    const jobs = await place.open()
    const prompts: Prompt[] = ['a', 'b'].map((id) => ({ box: 'attic: 2', promptId: id }))
    for (const prompt of prompts) await jobs.abandoned.add(prompt)
    await jobs.abandoned.add({ box: 'cellar', promptId: 'c' })
    await jobs.abandoned.add({ box: 'cellar', promptId: 'c' })
    const { job } = await jobs.add(request, 'key')
    await drive(await claimed(jobs, job), 'fetching')
    const { job: second } = await jobs.add(request)
    await jobs.close()

    const again = await place.open()
    expect((await again.list({ limit: 9 })).map(({ id }) => id)).toEqual([second.id, job.id])
    expect((await again.add(request, 'key')).isNew).toBe(false)
    expect((await again.claim())?.job.state).toEqual({ name: 'fetching', prompt: { box: 'attic', promptId } })
    expect((await again.claim())?.job).toEqual(second)
    expect(await again.abandoned.on('attic: 2')).toEqual(['a', 'b'])
    expect(await again.abandoned.on('cellar')).toEqual(['c'])
    expect(await again.abandoned.on('roof')).toEqual([])
    await again.abandoned.remove(prompts[0] as Prompt)
    await again.abandoned.remove(prompts[0] as Prompt)
    expect(await again.abandoned.on('attic: 2')).toEqual(['b'])
  })
}

/** The claim of just this job; rejects where another one or none came. */
async function claimed(jobs: Jobs, { id }: Job): Promise<Claim> {
  const claim = await jobs.claim()
  expect(claim?.job.id).toBe(id)
  return claim as Claim
}

/** Moves a claimed job to a state by the straight road. */
async function drive(claim: Claim, name: StateName): Promise<Job> {
  if (name === 'failed') return await claim.move(MOVE.fail())
  if (name === 'cancelled') return await claim.move(MOVE.cancel())
  for (const kind of ROAD) {
    if (claim.job.state.name === name) break
    await claim.move(MOVE[kind]())
  }
  return claim.job
}

function listen(jobs: Jobs): JobEvent[] {
  const heard: JobEvent[] = []
  jobs.watch((event) => heard.push(event))
  return heard
}

function split<T>(settled: readonly PromiseSettledResult<T>[]): [T[], Error[]] {
  const won = settled.filter((one) => one.status === 'fulfilled').map(({ value }) => value)
  return [won, settled.filter((one) => one.status === 'rejected').map(({ reason }) => reason as Error)]
}
