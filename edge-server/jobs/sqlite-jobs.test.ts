import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { claimed, drive, request } from '../../tests/jobs/contract/driving'
import { jobsContract } from '../../tests/jobs/jobs-contract'
import { makePlace } from '../../tests/jobs/jobs-place'
import { openSqliteJobs } from './sqlite-jobs'

async function openPlace() {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-jobs-'))
  const file = join(folder, 'jobs.sqlite')
  return makePlace(
    async (leaseMs) => openSqliteJobs(file, leaseMs === undefined ? {} : { leaseMs }),
    (leaseMs) => ['sqlite', file, String(leaseMs)],
    () => rm(folder, { recursive: true, force: true }),
  )
}

describe('in SQLite', () => jobsContract(openPlace))

describe('in SQLite, other processes', () => {
  test('that live keep their jobs, and what dead ones held is free as soon as the file is opened', async () => {
    await using place = await openPlace()
    const { job } = await (await place.open()).add(request)
    const other = place.spawn(3_600_000) // no test waits for this lease
    expect(await other.line()).toBe(`held ${job.id}`)
    expect(await (await place.open()).claim()).toBeUndefined()
    await other.kill()
    const claim = await claimed(await place.open(), job)
    expect(claim.job.state).toMatchObject({ name: 'running' })
  })

  test('hear of a wish to cancel when they renew what they hold', async () => {
    await using place = await openPlace()
    const jobs = await place.open()
    const { job } = await jobs.add(request)
    const other = place.spawn(600)
    expect(await other.line()).toBe(`held ${job.id}`)
    await jobs.cancel(job.id)
    expect(await other.line()).toBe('cancelled')
  })
})

test('a server that slept through its lease keeps what nobody took', async () => {
  await using place = await openPlace()
  const jobs = await place.open({ leaseMs: 10_000 })
  const { job } = await jobs.add(request)
  const claim = await claimed(jobs, job)
  await drive(claim, 'running')
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
  try {
    expect(await jobs.claim()).toBeUndefined()
    expect(claim.lost.aborted).toBe(false)
    await claim.move({ kind: 'fetch' })
  } finally {
    vi.useRealTimers()
  }
})
