import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { png } from '../../tests/uploads/samples'
import type { Files } from '../files/files'
import { openFiles } from '../files/open-files'
import type { Job, JobRequest } from './job'
import type { Jobs } from './jobs'
import { type RetentionLimits, startRetention, tidy } from './retention'
import { openSqliteJobs } from './sqlite-jobs'

const day = 86_400_000
const limits: RetentionLimits = { keepMs: 30 * day, keepBytes: 1e9 }
const never = new AbortController().signal

let folder: string
let files: Files
let jobs: Jobs
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retention-'))
  files = await openFiles(join(folder, 'files'), { quotaBytes: 1e9, spareBytes: 0 })
  jobs = openSqliteJobs(join(folder, 'jobs.sqlite'))
})
afterEach(async () => {
  vi.useRealTimers()
  await jobs.close()
  await rm(folder, { recursive: true })
})

/** From now on it is so many days after today; only the clock is changed. */
const today = Date.now()
const onDay = (days: number) => vi.useFakeTimers({ toFake: ['Date'], now: today + days * day })

async function store(seed: number): Promise<string> {
  const stream = new Blob([new Uint8Array(png({ bytes: 1000, seed }))]).stream()
  return (await files.add({ stream, name: 'a.png', accept: ['image'], maxBytes: 2000 }, never)).id
}

const request = (...inputs: string[]): JobRequest => ({
  workflow: 'w',
  tier: 'fast',
  inputs: Object.fromEntries(inputs.map((id, i) => [`input${i}`, id])),
  parameters: {},
  sentence: '',
})

/** A job that has run, with one result. */
async function runJob(input: string, result: string): Promise<Job> {
  await jobs.add(request(input))
  const claim = (await jobs.claim())!
  await claim.move({ kind: 'prepare' })
  await claim.move({ kind: 'upload', box: 'b' })
  await claim.move({ kind: 'submit', promptId: '00000000-0000-4000-8000-000000000000' })
  await claim.move({ kind: 'fetch' })
  return claim.move({
    kind: 'succeed',
    results: [{ output: 'o', file: result, type: 'image/png', bytes: 1000 }],
  })
}

async function kept(): Promise<readonly string[]> {
  const ids: string[] = []
  for await (const { id } of files.list()) ids.push(id)
  return ids.sort()
}

test('ended jobs go with their results when they are old; newer ones and their files stay', async () => {
  const [shared, oldInput, oldResult, newResult] = (await Promise.all([1, 2, 3, 4].map(store))) as [
    string,
    string,
    string,
    string,
  ]
  const old = await runJob(oldInput, oldResult)
  const oldShared = await runJob(shared, oldResult)
  onDay(20)
  const recent = await runJob(shared, newResult)
  onDay(31)
  await tidy({ jobs, files }, limits, never)
  expect(await Promise.all([old, oldShared, recent].map(({ id }) => jobs.find(id)))).toEqual([
    undefined,
    undefined,
    recent,
  ])
  expect(await kept()).toEqual([shared, newResult].sort())
})

test('a job that has not ended keeps what it needs, however old', async () => {
  const [queued, running] = (await Promise.all([1, 2].map(store))) as [string, string]
  await jobs.add(request(queued))
  const { job } = await jobs.add(request(running))
  const claims = [(await jobs.claim())!, (await jobs.claim())!]
  await claims.find((claim) => claim.job.id === job.id)!.move({ kind: 'prepare' })
  onDay(400)
  await tidy({ jobs, files }, { ...limits, keepBytes: 0 }, never)
  expect(await kept()).toEqual([queued, running].sort())
  expect(await jobs.list({ limit: 10 })).toHaveLength(2)
})

test('a file that no job names goes after a day, unless it was sent again', async () => {
  const [unused, again] = (await Promise.all([1, 2].map(store))) as [string, string]
  onDay(0.9)
  await store(2)
  await tidy({ jobs, files }, limits, never)
  expect(await kept()).toEqual([unused, again].sort())
  onDay(1.1)
  await tidy({ jobs, files }, limits, never)
  expect(await kept()).toEqual([again])
})

test('over the size, jobs that ended first go with their results, and no more than needed', async () => {
  const [input, ...results] = (await Promise.all([1, 2, 3, 4].map(store))) as [string, string, string, string]
  const done: Job[] = []
  for (const [i, result] of results.entries()) {
    onDay(i / 10)
    done.push(await runJob(input, result))
  }
  await tidy({ jobs, files }, { ...limits, keepBytes: 3000 }, never)
  expect((await jobs.list({ limit: 10 })).map(({ id }) => id)).toEqual([done[2]!.id, done[1]!.id])
  expect(await kept()).toEqual([input, results[1], results[2]].sort())
})

test('a result that has just come stays although it is too large', async () => {
  const [input, result] = (await Promise.all([1, 2].map(store))) as [string, string]
  await runJob(input, result)
  await tidy({ jobs, files }, { ...limits, keepBytes: 0 }, never)
  expect(await kept()).toEqual([input, result].sort())
})

test('a result that is another job’s input stays with that job', async () => {
  const [input, result, second] = (await Promise.all([1, 2, 3].map(store))) as [string, string, string]
  await runJob(input, result)
  onDay(29)
  await runJob(result, second)
  onDay(31)
  await tidy({ jobs, files }, limits, never)
  expect(await kept()).toEqual([result, second].sort())
})

test('more jobs than fit on a page are all seen', async () => {
  const input = await store(1)
  await jobs.add(request(input))
  for (let i = 0; i < 450; i++) await jobs.cancel((await jobs.add(request())).job.id)
  onDay(31)
  await tidy({ jobs, files }, limits, never)
  expect(await jobs.list({ limit: 500 })).toHaveLength(1)
  expect(await kept()).toEqual([input])
})

test('goes round at the start and again, until it is disposed', async () => {
  await store(1)
  onDay(2)
  let sweeps = 0
  const uploads = {
    async sweep() {
      sweeps += 1
    },
  }
  const retention = startRetention({ jobs, files, uploads }, { ...limits, everyMs: 10 })
  await expect.poll(kept).toEqual([])
  await expect.poll(() => sweeps).toBeGreaterThan(2)
  await retention[Symbol.asyncDispose]()
  const after = sweeps
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(sweeps).toBe(after)
})

test('a round that fails is told, and the next one tries again', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  let sweeps = 0
  const uploads = {
    async sweep() {
      sweeps += 1
      if (sweeps === 1) throw new Error('no luck')
    },
  }
  const retention = startRetention({ jobs, files, uploads }, { ...limits, everyMs: 10 })
  await expect.poll(() => sweeps).toBeGreaterThan(1)
  await retention[Symbol.asyncDispose]()
  expect(logged).toHaveBeenCalledTimes(1)
  logged.mockRestore()
})
