/** The zip is read as its specification says, without the library that wrote it. */
import { expect, it } from 'vitest'
import type { Pixels } from '../../models/pixels'
import { saysModified } from '../../tests/media/read-provenance'
import { zipEntries } from '../../tests/media/read-zip'
import { scratchFile } from '../../tests/media/talking-head'
import { differenceOf, shownOn } from '../compositor/testing/pictures'
import { keptPictures, openPictureSegment } from './picture-segment'
import { finishPngZip } from './png-zip'

/** Noise: what a format with loss could not keep. */
function noise(width: number, height: number, seed: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4)
  let state = seed
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    data[i] = i % 4 === 3 ? 255 : state >>> 24
  }
  return { width, height, data }
}

const TIMES = [0.5, 0.533, 0.7, 0.701, 2]
const PICTURES = TIMES.map((_, i) => noise(33, 17, i))

async function segment(name: string, from: number, to: number) {
  const file = await scratchFile(name)
  await using writer = await openPictureSegment(file.handle)
  for (let i = from; i < to; i++) {
    const lent = { ...PICTURES[i]!, data: new Uint8ClampedArray(PICTURES[i]!.data) }
    await writer.add(lent, TIMES[i]!, 0.01 * i)
    lent.data.fill(0) // the writer has its copy
  }
  await writer.finish()
  return file
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

it('holds every frame without loss, by number, each with its provenance', async () => {
  await using first = await segment('zip-test-0', 0, 3)
  await using second = await segment('zip-test-1', 3, 5)
  await using out = await scratchFile('zip-test')
  const segments = await Promise.all([first.handle.getFile(), second.handle.getFile()])
  const progress: number[] = []
  await finishPngZip({
    segments,
    to: out.handle,
    onProgress: (done) => progress.push(done),
    signal: new AbortController().signal,
  })
  expect(progress).toEqual([0.2, 0.4, 0.6, 0.8, 1])
  const entries = await zipEntries(await out.handle.getFile())
  expect(entries.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5].map((i) => `frame-0000${i}.png`))
  for (const [i, { content, crc }] of entries.entries()) {
    const blob = new Blob([content], { type: 'image/png' })
    expect(crc).toBe(crc32(new Uint8Array(await blob.arrayBuffer())))
    expect(await saysModified(blob)).toBe(true)
    expect(differenceOf(shownOn(await createImageBitmap(blob)), PICTURES[i]!).max).toBe(0)
  }
})

/** 0 when it is gone. */
const sizeOf = (handle: FileSystemFileHandle): Promise<number> =>
  handle.getFile().then(
    ({ size }) => size,
    () => 0,
  )

it('stops when told to, and leaves an empty file', async () => {
  await using only = await segment('zip-test-0', 0, 3)
  await using out = await scratchFile('zip-test')
  const life = new AbortController()
  const finishing = finishPngZip({
    segments: [await only.handle.getFile()],
    to: out.handle,
    onProgress: () => life.abort(),
    signal: life.signal,
  })
  await expect(finishing).rejects.toMatchObject({ name: 'AbortError' })
  expect(await sizeOf(out.handle)).toBe(0)
})

it('a segment knows its times, scales if asked, and is whole or empty', async () => {
  await using whole = await segment('zip-test-0', 0, 5)
  const kept = await keptPictures([await whole.handle.getFile()])
  expect(kept.map(({ timeS }) => timeS)).toEqual(TIMES)
  expect(kept.map(({ durationS }) => durationS)).toEqual(TIMES.map((_, i) => 0.01 * i))

  await using scaled = await scratchFile('zip-test-1')
  {
    await using writer = await openPictureSegment(scaled.handle, 11)
    await writer.add(PICTURES[0]!, 0, 1)
    await writer.finish()
  }
  const [small] = await keptPictures([await scaled.handle.getFile()])
  expect(await createImageBitmap(small!.png)).toMatchObject({ width: 11, height: 6 })

  await using broken = await scratchFile('zip-test-2')
  {
    await using writer = await openPictureSegment(broken.handle)
    await writer.add(PICTURES[0]!, 0, 1)
  }
  expect(await sizeOf(broken.handle)).toBe(0)
  await expect(keptPictures([new Blob(['what is this'])])).rejects.toThrow('not whole')
})
