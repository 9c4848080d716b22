/** What a crash can leave behind, and what the journal makes of it: real files, a real database. */
import { expect, test } from 'vitest'
import { workDatabase } from '../storage/work-db'
import { deleteJob, jobFolder } from './job-store'
import { Journal } from './journal'

async function write(handle: FileSystemFileHandle, text: string): Promise<void> {
  const to = await handle.createWritable()
  await to.write(text)
  await to.close()
}

async function finish(journal: Journal, frames: number, memory: unknown): Promise<void> {
  await write(await journal.fileOf(journal.segments), `segment ${journal.segments}`)
  await journal.commit(frames, memory)
}

const namesIn = async (folder: FileSystemDirectoryHandle) => {
  const names: string[] = []
  for await (const name of folder.keys()) names.push(name)
  return names.sort()
}

test('finished segments are there again, with the newest memory and no older one', async () => {
  const id = crypto.randomUUID()
  const journal = await Journal.open(id)
  expect([journal.segments, journal.frames, journal.memory]).toEqual([0, 0, undefined])
  await finish(journal, 120, { track: new Float32Array([1]) })
  await finish(journal, 120, { track: new Float32Array([2]) })
  await finish(journal, 7, { track: new Float32Array([3]) })

  const again = await Journal.open(id)
  expect([again.segments, again.frames, again.memory]).toEqual([3, 247, { track: new Float32Array([3]) }])
  expect(await Promise.all((await again.files()).map((file) => file.text()))).toEqual([
    'segment 0',
    'segment 1',
    'segment 2',
  ])
  const stored = await (await workDatabase()).getAll('segments', IDBKeyRange.bound([id, 0], [id, 1]))
  expect(stored.map(({ memory }) => memory)).toEqual([undefined, undefined])
  await deleteJob(id)
})

test('a file without its record was not finished', async () => {
  const id = crypto.randomUUID()
  const journal = await Journal.open(id)
  await finish(journal, 10, 'first')
  await write(await journal.fileOf(1), 'half a segm')

  const again = await Journal.open(id)
  expect([again.segments, again.memory]).toEqual([1, 'first'])
  expect(await namesIn(await jobFolder(id))).toEqual(['segment-0000'])
  await deleteJob(id)
})

test('a record without its file does not count, nor what depends on it', async () => {
  const id = crypto.randomUUID()
  const journal = await Journal.open(id)
  for (const memory of ['a', 'b', 'c']) await finish(journal, 10, memory)
  await (await jobFolder(id)).removeEntry('segment-0001')

  const again = await Journal.open(id)
  expect([again.segments, again.frames, again.memory]).toEqual([0, 0, undefined])
  expect(await namesIn(await jobFolder(id))).toEqual([])
  expect(await (await workDatabase()).getAll('segments', IDBKeyRange.bound([id, 0], [id, 9]))).toEqual([])
  await deleteJob(id)
})

test('other files of the job stay', async () => {
  const id = crypto.randomUUID()
  await write(await (await jobFolder(id)).getFileHandle('input', { create: true }), 'the clip')
  await Journal.open(id)
  expect(await namesIn(await jobFolder(id))).toEqual(['input'])
  await deleteJob(id)
  await expect((await navigator.storage.getDirectory()).getDirectoryHandle('clips')).resolves.toBeDefined()
})
