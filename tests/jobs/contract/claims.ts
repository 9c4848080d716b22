/** What a server that works on a job may rely on, also where it or another one dies. */
import { describe, expect, test, vi } from 'vitest'
import type { Place } from '../jobs-place'
import { claimed, drive, MOVE, request } from './driving'

export function claims(openPlace: () => Promise<Place>): void {
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
      const other = place.spawn(2500)
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
        const other = place.spawn(2500)
        expect(await other.line()).toBe(`held ${job.id}`)
        await other.kill()
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
}
