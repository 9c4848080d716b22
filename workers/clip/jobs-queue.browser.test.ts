/** The queue with real clips: bad ones among good ones, people who change their minds, other tabs, a GPU that is lost. */
import { proxy } from 'comlink'
import { afterEach, beforeAll, expect, inject, test } from 'vitest'
import { listItems, removeItem } from '../library/library'
import type { ClipJob } from './clip-job'
import { clearOrphans, deleteJob, jobFolder, putJobs, storedJob, storedJobs } from './job-store'
import { capabilities, isOver, type JobThread, openJobThread, settingsFor } from './testing/job-thread'
import { readResult } from './testing/read-result'

type ClipName = keyof ReturnType<typeof inject<'clips'>>

const MP4 = { kind: 'mp4', quality: 'small' } as const
const threads: JobThread[] = []

async function open(...how: Parameters<typeof openJobThread>): Promise<JobThread> {
  const thread = await openJobThread(...how)
  threads.push(thread)
  return thread
}

async function clip(name: ClipName, called: string = name): Promise<File> {
  return new File([await (await fetch(`/@fs${inject('clips')[name]!.path}`)).blob()], called)
}

/** Other test files share this browser's storage. */
async function clear(): Promise<void> {
  for (const { id } of await storedJobs()) await deleteJob(id)
  for (const { id } of await listItems()) await removeItem(id)
  await clearOrphans()
}

beforeAll(clear)

afterEach(async () => {
  for (const thread of threads.splice(0)) thread.kill()
  await clear()
})

const stateOf = (job: ClipJob) => (job.state.name === 'failed' ? job.state.reason : job.state.name)

test('of thirty clips with three bad ones there are 27 results and three clear errors', async () => {
  const thread = await open()
  const settings = await settingsFor(MP4, { span: { fromS: 1, toS: 1.15 } })
  const [good, ...bad] = await Promise.all([clip('mp4'), clip('notVideo'), clip('empty'), clip('audioOnly')])
  const ids: string[] = []
  for (let i = 0; i < 30; i++) {
    const file = i % 10 === 4 ? bad[Math.floor(i / 10)]! : new File([good!], `clip ${i}.mp4`)
    ids.push((await thread.add(file, settings)).id)
  }
  const ended = await Promise.all(ids.map((id) => thread.when(id, isOver)))
  expect(ended.map(stateOf).filter((state) => state !== 'done')).toEqual([
    'NotAVideoError',
    'EmptyFileError',
    'NoVideoTrackError',
  ])
  const items = await listItems()
  expect(items.map(({ name }) => name).toSorted()).toEqual(
    [...Array(30).keys()]
      .filter((i) => i % 10 !== 4)
      .map((i) => `clip ${i}`)
      .toSorted(),
  )
  expect(items.every(({ thumbnail, bytes }) => thumbnail !== undefined && bytes > 1000)).toBe(true)
}, 180_000)

test('pausing lets the next one begin; what was done is not done again', async () => {
  const thread = await open()
  const [slow, mp4] = [await clip('slow'), await clip('mp4')]
  const { id: first } = await thread.add(slow, await settingsFor(MP4))
  const { id: second } = await thread.add(mp4, await settingsFor(MP4, { span: { fromS: 0, toS: 0.2 } }))
  await thread.when(first, ({ progress }) => (progress?.frames ?? 0) > 25)
  await thread.api.pause(first)
  expect(thread.job(first)!.state).toEqual({ name: 'paused', reason: undefined, detail: '' })
  expect((await thread.when(second, isOver)).state.name).toBe('done')
  expect(thread.job(first)!.state.name).toBe('paused')
  await thread.api.resume(first)
  const { progress } = await thread.when(first, (job) => (job.progress?.fps ?? 0) > 0)
  expect(progress!.frames).toBeGreaterThanOrEqual(20)
  const { state } = await thread.when(first, isOver)
  expect((await readResult(state.name === 'done' ? state.libraryId : '')).frames).toHaveLength(75)
}, 120_000)

test('one that is removed while it is copied, while it works or when it is done leaves nothing behind', async () => {
  const thread = await open()
  const life = new AbortController()
  const large = new File([await clip('slow'), new Uint8Array(64 << 20)], 'large.mp4')
  const copying = thread.api.add(
    large,
    await settingsFor(MP4),
    proxy(() => life.abort()),
    life.signal,
  )
  await expect(copying).rejects.toMatchObject({ name: 'AbortError' })
  const { id: working } = await thread.add(await clip('slow'), await settingsFor(MP4))
  const { id: done } = await thread.add(
    await clip('mp4'),
    await settingsFor(MP4, { span: { fromS: 0, toS: 0.1 } }),
  )
  await thread.when(working, ({ progress }) => (progress?.frames ?? 0) > 0)
  await thread.api.remove(working)
  await thread.when(done, isOver)
  await thread.api.remove(done)
  expect(await storedJobs()).toEqual([])
  const left: string[] = []
  const root = await navigator.storage.getDirectory()
  for await (const name of (await root.getDirectoryHandle('clips')).keys()) left.push(name)
  expect(left).toEqual([])
  expect(await listItems()).toHaveLength(1) // the result is the library's
}, 120_000)

test('an encoder on hardware that breaks down is done without', async () => {
  const first = await open()
  const { id } = await first.add(await clip('slow'), await settingsFor(MP4))
  await first.when(id, ({ progress }) => (progress?.frames ?? 0) > 0)
  await first.api.pause(id)
  first.kill()
  const record = (await storedJob(id))!
  const video = record.plan!.video!
  // There is none here, so the browser refuses, as it does when a driver fails.
  const encoder = { ...video.encoder, hardwareAcceleration: 'prefer-hardware' } as const
  await putJobs({ ...record, plan: { ...record.plan!, video: { ...video, encoder } } })
  const second = await open()
  await second.api.resume(id)
  await second.when(id, ({ state }) => state.name === 'paused' && state.reason === 'VideoEncoderError')
  await second.api.resume(id)
  const { state } = await second.when(id, (job) => job.state.name === 'done' || job.state.name === 'failed')
  expect((await readResult(state.name === 'done' ? state.libraryId : '')).frames).toHaveLength(75)
}, 120_000)

test('another tab sees the jobs, commands them, and takes over when the first one dies', async () => {
  const first = await open()
  const second = await open()
  const { id } = await first.add(await clip('slow'), await settingsFor(MP4))
  const { id: later } = await second.add(
    await clip('mp4'),
    await settingsFor(MP4, { span: { fromS: 0, toS: 0.1 } }),
  )
  await second.when(id, ({ progress }) => (progress?.frames ?? 0) > 0)
  await second.api.pause(later)
  expect(first.job(later)!.state.name).toBe('paused')
  first.kill()
  await second.api.resume(later)
  const ended = await Promise.all([id, later].map((one) => second.when(one, isOver)))
  expect(ended.map(stateOf)).toEqual(['done', 'done'])
}, 120_000)

test('a lost GPU pauses the job; after the second time it is drawn on the CPU', async () => {
  const known = await capabilities()
  expect(known.webgpu).toBeDefined()
  const thread = await open({ ...known, compositor: 'webgpu' })
  const { id } = await thread.add(await clip('slow'), await settingsFor(MP4))
  for (let losses = 0; losses < 2; losses++) {
    await thread.when(id, ({ progress }) => (progress?.fps ?? 0) > 0)
    await thread.api.loseDevice()
    const { state } = await thread.when(id, isOver)
    expect(state).toMatchObject({ name: 'paused', reason: 'DeviceLostError' })
    await thread.api.resume(id)
  }
  const { state } = await thread.when(id, isOver)
  expect(state.name).toBe('done')
  expect((await readResult(state.name === 'done' ? state.libraryId : '')).frames).toHaveLength(75)
}, 180_000)

test('a clip whose file went missing fails', async () => {
  const thread = await open()
  const { id: blocker } = await thread.add(await clip('slow'), await settingsFor(MP4))
  const { id } = await thread.add(await clip('mp4'), await settingsFor(MP4))
  await (await jobFolder(id)).removeEntry('input')
  await thread.api.remove(blocker)
  expect(stateOf(await thread.when(id, isOver))).toBe('ClipMissingError')
}, 60_000)
