import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openParts, type TestParts } from '../../tests/api/parts'
import type { Claim } from '../jobs/jobs'
import { openThumbnails, type Thumbnails } from './thumbnails'

/** Machines are busy: waits as long as a test may take. */
const soon = (done: () => unknown) => vi.waitFor(done, { timeout: 30_000 })

const everyMs = 50
const jpeg = (n: number) => ({ type: 'image/jpeg' as const, bytes: new Uint8Array([0xff, 0xd8, n]) })
const png = { type: 'image/png' as const, bytes: new Uint8Array([0x89, 0x50, 0x4e, 0x47]) }

let parts: TestParts
let thumbnails: Thumbnails
let claim: Claim
let id: string
const path = () => join(parts.previewFolder, id)
const last = async () => (await thumbnails.read(id))?.bytes[2]

beforeEach(async () => {
  parts = await openParts()
  thumbnails = openThumbnails(parts.previewFolder, parts.jobs, everyMs)
  const request = { workflow: 'a', tier: 'fast', inputs: {}, parameters: {}, sentence: '' } as const
  id = (await parts.jobs.add(request)).job.id
  claim = (await parts.jobs.claim())!
  await claim.move({ kind: 'prepare' })
  await claim.move({ kind: 'upload', box: 'attic' })
  await claim.move({ kind: 'submit', promptId: '00000000-0000-4000-8000-000000000000' })
})
afterEach(async () => {
  thumbnails[Symbol.dispose]()
  await parts[Symbol.asyncDispose]()
})

test('the first preview is kept at once, of those that follow at once only the last', async () => {
  expect(thumbnails.has(id)).toBe(false)
  for (const n of [1, 2, 3]) claim.preview(jpeg(n))
  await soon(() => expect(thumbnails.has(id)).toBe(true))
  expect([1, 3]).toContain(await last())
  await soon(async () => expect(await last()).toBe(3))
  expect(await readdir(parts.previewFolder)).toEqual([id])
})

test('the last one is written when the job ends, without waiting', async () => {
  thumbnails[Symbol.dispose]()
  thumbnails = openThumbnails(parts.previewFolder, parts.jobs, 3_600_000)
  claim.preview(jpeg(1))
  claim.preview(jpeg(2))
  await claim.move({ kind: 'fetch' })
  await claim.move({ kind: 'succeed', results: [] })
  await soon(async () => expect(await last()).toBe(2))
})

test('it is of the type that it is', async () => {
  claim.preview(png)
  await soon(async () => expect(await thumbnails.read(id)).toMatchObject({ type: 'image/png' }))
})

test('it goes with its job', async () => {
  claim.preview(jpeg(1))
  await claim.move({ kind: 'cancel' })
  await soon(() => expect(existsSync(path())).toBe(true))
  await parts.jobs.remove(id)
  await soon(() => expect(existsSync(path())).toBe(false))
  expect([thumbnails.has(id), await thumbnails.read(id)]).toEqual([false, undefined])
})

test('those of an earlier start are known; what belongs to no job, or was never finished, goes', async () => {
  const folder = join(parts.previewFolder, 'again')
  await mkdir(folder)
  const gone = crypto.randomUUID()
  const [fresh, old] = [`${id}.fresh.part`, `${id}.old.part`]
  for (const name of [id, gone, fresh, old]) await writeFile(join(folder, name), jpeg(5).bytes)
  await utimes(join(folder, old), new Date(0), new Date(0))
  using again = openThumbnails(folder, parts.jobs)
  expect([again.has(id), again.has(fresh)]).toEqual([true, false])
  expect((await again.read(id))?.bytes[2]).toBe(5)
  await soon(async () => expect((await readdir(folder)).sort()).toEqual([id, fresh].sort()))
})

test.each(['../secret', 'a/b', '', 'a'.repeat(65), 'x\0'])('%j is no path', async (hostile) => {
  await writeFile(join(parts.previewFolder, '..', 'secret'), 'not yours')
  expect(await thumbnails.read(hostile)).toBe(undefined)
  expect(await readFile(join(parts.previewFolder, '..', 'secret'), 'utf8')).toBe('not yours')
})
