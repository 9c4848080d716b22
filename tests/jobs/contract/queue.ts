/** The order of jobs, and who gets them. */
import { describe, expect, test, vi } from 'vitest'
import { STATE_NAMES } from '../../../edge-server/jobs/job'
import type { Claim, Jobs } from '../../../edge-server/jobs/jobs'
import type { Place } from '../jobs-place'
import { claimed, drive, far, MOVE, request, waiting } from './driving'

export function queue(openPlace: () => Promise<Place>): void {
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
}
