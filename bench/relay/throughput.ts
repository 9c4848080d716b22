/**
 * How fast large files go through the server, against a plain copy of the same bytes: a program that reads a file and writes it again, until
 * it is on the disk. The kernel's own copy, by which no byte comes near a program, is measured beside it.
 */
import { randomBytes, randomFillSync } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { sample } from '../../tests/uploads/samples'
import { median } from '../numbers'
import type { BenchBox } from './box'
import { type BenchClient, sync } from './client'
import { nowMs } from './clock'

export interface Throughput {
  /** The server's, as a share of the copy's; both in MB (2^20 bytes) a second, the median of a few, in turns. */
  readonly ratio: number
  readonly MBps: number
  readonly copyMBps: number
  readonly kernelCopyMBps: number
}

const MB = 2 ** 20
const FILE_BYTES = 256 * MB
const ROUNDS = 5

export async function measureUpload(client: BenchClient, folder: string): Promise<Throughput> {
  const path = join(folder, 'upload.mp4')
  const film = makeFilm()
  await writeFile(path, film)
  await sync(path)
  const result = await compare(path, folder, async () => {
    film.set(randomBytes(16), film.length - 16) // the same bytes again would be known already
    return () => client.upload(film)
  })
  await rm(path)
  return result
}

/** From the server's disk to a file of the client's; `deliveredMBps` is without that file, which takes most of the time. */
export async function measureResult(
  client: BenchClient,
  box: BenchBox,
  folder: string,
): Promise<Throughput & { readonly deliveredMBps: number }> {
  await box.restart(FILE_BYTES)
  const { id } = await client.generate()
  const { results } = await client.reached(id, 'succeeded')
  const url = results[0]?.url ?? ''
  const original = join(folder, 'result')
  const path = join(folder, 'download')
  await client.download(url, original)
  const result = await compare(original, folder, async () => async () => {
    await client.download(url, path)
  })
  await rm(original)
  await rm(path)
  const delivered: number[] = []
  for (let i = 0; i < ROUNDS; i++)
    delivered.push(await timed(async () => void (await client.download(url, undefined))))
  return { ...result, deliveredMBps: FILE_BYTES / MB / (median(delivered) / 1000) }
}

/** `prepare` is not measured, what it gives is. */
async function compare(
  path: string,
  folder: string,
  prepare: () => Promise<() => Promise<void>>,
): Promise<Throughput> {
  const { size } = await stat(path)
  const copy = join(folder, 'copy')
  const byProgram = () => pipeline(createReadStream(path), createWriteStream(copy))
  const byKernel = () => copyFile(path, copy)
  const copied = { byProgram: [] as number[], byKernel: [] as number[] }
  const through: number[] = []
  for (let i = 0; i <= ROUNDS; i++) {
    const go = await prepare()
    const throughMs = await timed(go)
    const programMs = await timed(() => byProgram().then(() => sync(copy)))
    await rm(copy)
    const kernelMs = await timed(() => byKernel().then(() => sync(copy)))
    await rm(copy)
    if (i === 0) continue // the first of each finds cold caches
    through.push(throughMs)
    copied.byProgram.push(programMs)
    copied.byKernel.push(kernelMs)
  }
  const perSecond = (ms: readonly number[]) => size / MB / (median(ms) / 1000)
  const [MBps, copyMBps] = [perSecond(through), perSecond(copied.byProgram)]
  return { ratio: MBps / copyMBps, MBps, copyMBps, kernelCopyMBps: perSecond(copied.byKernel) }
}

async function timed(run: () => Promise<void>): Promise<number> {
  const startMs = nowMs()
  await run()
  return nowMs() - startMs
}

/** A real film with a box of noise behind it, which is well formed. */
function makeFilm(): Buffer {
  const film = Buffer.alloc(FILE_BYTES)
  randomFillSync(film)
  const start = sample('a.mp4')
  film.set(start)
  film.writeUInt32BE(FILE_BYTES - start.length, start.length)
  film.write('free', start.length + 4, 'latin1')
  return film
}
