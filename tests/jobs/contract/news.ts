/** What listeners hear. */
import { describe, expect, test, vi } from 'vitest'
import type { JobEvent } from '../../../edge-server/jobs/jobs'
import type { Place } from '../jobs-place'
import { claimed, drive, listen, MOVE, request } from './driving'

export function news(openPlace: () => Promise<Place>): void {
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
}
