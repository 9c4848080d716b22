/** The zip is read as its specification says, without the library that wrote it. */
import { expect, it } from 'vitest'
import type { Pixels } from '../../models/pixels'
import { saysModified } from '../../tests/media/read-provenance'
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

/** Names and contents by the central directory (APPNOTE 4.3.12, 4.3.16); stored, not compressed. */
async function entriesOf(zip: Blob) {
  const bytes = new Uint8Array(await zip.arrayBuffer())
  const view = new DataView(bytes.buffer)
  const end = bytes.length - 22
  expect(view.getUint32(end, true)).toBe(0x06054b50)
  const entries: { name: string; blob: Blob; crc: number }[] = []
  let at = view.getUint32(end + 16, true)
  for (let i = 0; i < view.getUint16(end + 10, true); i++) {
    expect(view.getUint32(at, true)).toBe(0x02014b50)
    expect(view.getUint16(at + 10, true)).toBe(0)
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ]
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    const local = view.getUint32(at + 42, true)
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    const blob = zip.slice(start, start + view.getUint32(at + 24, true), 'image/png')
    entries.push({ name, blob, crc: view.getUint32(at + 16, true) })
    at += 46 + nameLength + extra + comment
  }
  return entries
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
  const entries = await entriesOf(await out.handle.getFile())
  expect(entries.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5].map((i) => `frame-0000${i}.png`))
  for (const [i, { blob, crc }] of entries.entries()) {
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
