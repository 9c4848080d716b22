/** What people want of jobs: cancel, retry, forget. */
import { describe, expect, test, vi } from 'vitest'
import type { Job } from '../../../edge-server/jobs/job'
import type { Place } from '../jobs-place'
import { claimed, drive, listen, MOVE, request, split } from './driving'

export function wishes(openPlace: () => Promise<Place>): void {
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
}
