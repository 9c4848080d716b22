/** A job on its way through a queue, as the tests of the contract drive it. */
import { expect } from 'vitest'
import type { Job, JobRequest, Move, StateName } from '../../../edge-server/jobs/job'
import type { Claim, JobEvent, Jobs } from '../../../edge-server/jobs/jobs'

export const request: JobRequest = {
  workflow: 'face_swap_reactor',
  tier: 'fast',
  inputs: { source: 'a'.repeat(64) },
  parameters: { seed: 7, strength: 0.5, faces: '', restore: true },
  sentence: 'Swap my face in: ñandú, 笑, "quotes"',
}
export const promptId = '4b0ae3c2-0f4c-4e0b-9f38-5f2d4a1c7e11'
export const error = { name: 'BoxFailed', message: 'Out of memory.' } as const
export const waiting = { reason: 'No box is there.' }
export const results = [{ output: 'video', file: 'b'.repeat(64), type: 'video/mp4', bytes: 12 }]
export const far = () => Date.now() + 3_600_000

export const MOVE: Record<Move['kind'], () => Move> = {
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
export const KINDS = Object.keys(MOVE) as Move['kind'][]
const ROAD = ['prepare', 'upload', 'submit', 'fetch', 'succeed'] as const
export const isEnded = (name: StateName) => name === 'succeeded' || name === 'failed' || name === 'cancelled'

/** The claim of just this job; rejects where another one or none came. */
export async function claimed(jobs: Jobs, { id }: Job): Promise<Claim> {
  const claim = await jobs.claim()
  expect(claim?.job.id).toBe(id)
  return claim as Claim
}

/** Moves a claimed job to a state by the straight road. */
export async function drive(claim: Claim, name: StateName): Promise<Job> {
  if (name === 'failed') return await claim.move(MOVE.fail())
  if (name === 'cancelled') return await claim.move(MOVE.cancel())
  for (const kind of ROAD) {
    if (claim.job.state.name === name) break
    await claim.move(MOVE[kind]())
  }
  return claim.job
}

export function listen(jobs: Jobs): JobEvent[] {
  const heard: JobEvent[] = []
  jobs.watch((event) => heard.push(event))
  return heard
}

export function split<T>(settled: readonly PromiseSettledResult<T>[]): [T[], Error[]] {
  const won = settled.filter((one) => one.status === 'fulfilled').map(({ value }) => value)
  return [won, settled.filter((one) => one.status === 'rejected').map(({ reason }) => reason as Error)]
}
