/** A disk that is full when the result comes: the box keeps it, the job says so, and nothing is lost. */
import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Refusal } from '../../edge-server/errors'
import type { Files } from '../../edge-server/files/files'
import { openScene } from './scene'
import { dataFolder, jobIn, until } from './server-parts'

/** Files on a disk that is full for as long as `isFull` says. */
const onFullDisk =
  (isFull: () => boolean) =>
  (files: Files): Files => ({
    ...files,
    async add(file, signal) {
      if (!isFull()) return files.add(file, signal)
      if (file.stream instanceof ReadableStream) await file.stream.cancel()
      throw new Refusal(507, 'DiskFull', 'The disk of this server is full.')
    },
  })

test('the job waits with its result on the box until there is room', async () => {
  let isFull = true
  const told: string[] = []
  await using scene = await openScene({ wrap: { files: onFullDisk(() => isFull) } })
  using _ = scene.server.jobs.watch((event) => {
    if (event.kind === 'progress') told.push(event.progress.doing)
  })
  const job = await scene.add('slow')
  await until('it says so', () => told.some((doing) => /disk of this server is full/.test(doing)))
  expect((await scene.server.jobs.find(job.id))?.state.name).toBe('fetching')
  isFull = false
  await jobIn(scene.server, job.id, 'succeeded')
  expect(scene.box.ran).toHaveLength(1)
})

test('a job that waits for room can be cancelled', async () => {
  const told: string[] = []
  await using scene = await openScene({ wrap: { files: onFullDisk(() => true) } })
  using _ = scene.server.jobs.watch((event) => {
    if (event.kind === 'progress') told.push(event.progress.doing)
  })
  const job = await scene.add('slow')
  await until('it says so', () => told.some((doing) => /full/.test(doing)))
  await scene.server.jobs.cancel(job.id)
  await jobIn(scene.server, job.id, 'cancelled')
  expect(scene.server.boxes.list[0]?.taken).toBe(0)
})

test('on a real disk that is full', async ({ skip }) => {
  await using folder = await dataFolder()
  const disk = join(folder.path, 'disk')
  await mkdir(disk)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], { stdio: 'ignore' })
  if (mounted.status !== 0) skip('Only root may mount a small disk.')
  using _mount = { [Symbol.dispose]: () => void spawnSync('umount', ['-l', disk], { stdio: 'ignore' }) }
  // The queue lies on another disk, as it would with a data folder that has its files mounted.
  await using scene = await openScene({
    boxes: [{ videoBytes: 3_000_000 }],
    filesFolder: disk,
    spareBytes: 0,
  })
  const ballast = join(disk, 'ballast')
  await writeFile(ballast, Buffer.alloc(6_500_000))
  const told: string[] = []
  using _ = scene.server.jobs.watch((event) => {
    if (event.kind === 'progress') told.push(event.progress.doing)
  })
  const job = await scene.add('video')
  await until('it says so', () => told.some((doing) => /disk of this server is full/.test(doing)))
  await writeFile(ballast, '')
  const { state } = await jobIn(scene.server, job.id, 'succeeded')
  expect(state).toMatchObject({ results: [{ bytes: 3_000_000 }] })
  expect(scene.box.ran).toHaveLength(1)
})
