/** Every move from every state, and every other one. */
import { describe, expect, test } from 'vitest'
import { MOVES, STATE_NAMES, type StateName } from '../../../edge-server/jobs/job'
import type { Place } from '../jobs-place'
import { claimed, drive, error, isEnded, KINDS, MOVE, request, results, waiting } from './driving'

export function moves(openPlace: () => Promise<Place>): void {
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
}
