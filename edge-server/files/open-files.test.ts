import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { png, sample } from '../../tests/uploads/samples'
import type { FileKind, NewFile } from './files'
import { temporaryPath } from './incoming'
import { openFiles } from './open-files'

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'files-')), 'files')
})
afterEach(() => rm(join(folder, '..'), { recursive: true }))

const limits = { quotaBytes: 1e9, spareBytes: 0 }
const never = new AbortController().signal
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const newFile = (bytes: Uint8Array, more: Partial<NewFile> = {}): NewFile => ({
  stream: new Blob([bytes as Uint8Array<ArrayBuffer>]).stream(),
  name: 'a.png',
  accept: ['image', 'video', 'audio'],
  maxBytes: 1e8,
  ...more,
})
const bytesOf = async (stream: ReadableStream<Uint8Array>) =>
  Buffer.from(await new Response(stream).arrayBuffer())
const onDisk = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()

test('gives back what it was given, also after it was opened again', async () => {
  const bytes = png({ bytes: 3_000_000, seed: 7 })
  const added = await (await openFiles(folder, limits)).add(newFile(bytes), never)
  const id = sha256(bytes)
  expect(added).toEqual({
    id,
    kind: 'image',
    type: 'image/png',
    bytes: 3_000_000,
    name: 'a.png',
    addedMs: expect.any(Number),
    isNew: true,
  })

  const files = await openFiles(folder, limits)
  const { isNew: _, ...file } = added
  expect(await files.find(id)).toEqual(file)
  expect((await bytesOf(files.read(id))).equals(bytes)).toBe(true)
  expect(
    (await bytesOf(files.read(id, { start: 1_000_000, end: 2_500_000 }))).equals(
      bytes.subarray(1_000_000, 2_500_001),
    ),
  ).toBe(true)
  const listed = []
  for await (const one of files.list()) listed.push(one)
  expect(listed).toEqual([file])
  expect(await files.usage()).toBe(3_000_000)

  await files.remove(id)
  expect(await files.find(id)).toBe(undefined)
  expect(() => files.read(id)).toThrow(expect.objectContaining({ name: 'FileGoneError' }))
  expect(await files.usage()).toBe(0)
  expect(await onDisk()).toEqual([])
})

test('takes streams of any kind', async () => {
  const files = await openFiles(folder, limits)
  const bytes = png({ bytes: 1000 })
  async function* crumbs() {
    for (const byte of bytes) yield Uint8Array.of(byte)
  }
  for (const stream of [Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]), crumbs()]) {
    expect((await files.add(newFile(bytes, { stream }), never)).id).toBe(sha256(bytes))
  }
})

test('nobody else may look', async () => {
  const files = await openFiles(folder, limits)
  const { id } = await files.add(newFile(png()), never)
  const part = join(folder, id.slice(0, 2))
  const modes = await Promise.all(
    [folder, part, join(part, id), join(part, `${id}.json`)].map((path) => stat(path)),
  )
  expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['700', '700', '600', '600'])
})

test.each<['a.m4a' | 'a.mp3' | 'a.wav' | 'a.ogg' | 'a.flac', string]>([
  ['a.m4a', 'audio/mp4'],
  ['a.mp3', 'audio/mpeg'],
  ['a.wav', 'audio/wav'],
  ['a.ogg', 'audio/ogg'],
  ['a.flac', 'audio/flac'],
])('knows the sound of %s', async (name, type) => {
  const files = await openFiles(folder, limits)
  expect(await files.add(newFile(sample(name), { name }), never)).toMatchObject({ kind: 'audio', type, name })
})

test('a file that comes again is the newest again, and is not removed as an old one', async () => {
  const files = await openFiles(folder, limits)
  const { id, addedMs } = await files.add(newFile(png()), never)
  await expect.poll(Date.now).toBeGreaterThan(addedMs)
  const between = Date.now()
  const again = await files.add(newFile(png(), { name: 'b.png' }), never)
  expect(again).toMatchObject({ id, isNew: false, name: 'b.png' })
  await files.remove(id, between)
  expect(await files.find(id)).toMatchObject({ name: 'b.png' })
  await files.remove(id, again.addedMs + 1)
  expect(await files.find(id)).toBe(undefined)
})

describe('what is refused or broken off leaves nothing', () => {
  const image: readonly FileKind[] = ['image']
  test.each<[string, Partial<NewFile>, string]>([
    ['empty', { stream: new Blob([]).stream() }, 'Empty'],
    ['too large', { maxBytes: 99 }, 'TooLarge'],
    ['of another kind', { accept: ['video'] }, 'UnsupportedMedia'],
    ['no media', { stream: new Blob(['hello']).stream(), accept: image }, 'UnsupportedMedia'],
  ])('%s', async (_, more, name) => {
    const files = await openFiles(folder, limits)
    await expect(files.add(newFile(png(), more), never)).rejects.toMatchObject({ name })
    expect(await onDisk()).toEqual([])
  })

  test('a stream that fails is heard', async () => {
    const files = await openFiles(folder, limits)
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(png()),
      pull: () => Promise.reject(new Error('lost')),
    })
    await expect(files.add(newFile(png(), { stream }), never)).rejects.toThrow('lost')
    expect(await onDisk()).toEqual([])
  })

  test('a stream is cancelled as soon as it is known to be refused', async () => {
    const files = await openFiles(folder, limits)
    let isCancelled = false
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1000)),
      cancel: () => {
        isCancelled = true
      },
    })
    await expect(files.add(newFile(png(), { stream }), never)).rejects.toMatchObject({
      name: 'UnsupportedMedia',
    })
    expect(isCancelled).toBe(true)
  })

  test.each(['web', 'node'])('aborting a %s stream that waits', async (kind) => {
    const files = await openFiles(folder, limits)
    const life = new AbortController()
    const web = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(png()) })
    const node = new Readable({ read() {} })
    node.push(png())
    const adding = files.add(newFile(png(), { stream: kind === 'web' ? web : node }), life.signal)
    await expect.poll(onDisk).toHaveLength(1)
    life.abort()
    await expect(adding).rejects.toMatchObject({ name: 'AbortError' })
    expect(await onDisk()).toEqual([])
  })

  test('the quota counts what others are sending', async () => {
    const files = await openFiles(folder, { ...limits, quotaBytes: 10_000 })
    const life = new AbortController()
    const waiting = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(png({ bytes: 6000 })),
    })
    const first = files.add(newFile(png(), { stream: waiting }), life.signal)
    await expect.poll(onDisk).toHaveLength(1)
    const second = () => files.add(newFile(png({ bytes: 6000, seed: 1 })), never)
    await expect
      .poll(() =>
        second().then(
          ({ id }) => files.remove(id),
          ({ name }) => name,
        ),
      )
      .toBe('QuotaExceeded')
    life.abort()
    await expect(first).rejects.toThrow()
    expect(await second()).toMatchObject({ bytes: 6000 })
  })

  // Where the tests may not mount, 'a disk with nothing to spare' in tests/uploads stands for this.
  test.skipIf(!canMount())('a disk that becomes full', async () => {
    await mkdir(folder)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder])
    try {
      const files = await openFiles(folder, limits)
      const adding = files.add(newFile(png({ bytes: 5_000_000 })), never)
      await expect(adding).rejects.toMatchObject({ name: 'DiskFull', status: 507 })
      expect(await onDisk()).toEqual([])
      expect(await files.add(newFile(png({ bytes: 100_000 })), never)).toMatchObject({ isNew: true })
    } finally {
      execFileSync('umount', [folder])
    }
  })
})

describe('after a crash', () => {
  test('what a dead server half received is removed; what others receive stays', async () => {
    await mkdir(folder)
    const ours = temporaryPath(folder)
    const dead = ours.replace(`-${process.pid}-`, `-${spawnSync('true').pid}-`)
    const reborn = ours.replace(/-\w{8}-(?=[\w-]{36}$)/, '-00000000-') // another process with our number
    const elsewhere = join(folder, `incoming-00000000-1-00000000-new`)
    const longAgo = join(folder, `incoming-00000000-1-00000000-old`)
    for (const path of [ours, dead, reborn, elsewhere, longAgo]) await writeFile(path, 'x')
    await utimes(longAgo, 1, 1)
    await openFiles(folder, limits)
    expect(await onDisk()).toEqual([ours, elsewhere].map((path) => basename(path)).sort())
  })

  test('half of a pair is removed once nobody can be about to add the other half', async () => {
    const files = await openFiles(folder, limits)
    const whole = await files.add(newFile(png()), never)
    const paths = ['bytes', 'fresh'].map((name) => join(folder, 'ab', sha256(Buffer.from(name))))
    await mkdir(join(folder, 'ab'))
    for (const path of [...paths, `${paths[0]}1.json`, `${paths[0]}.json.x.tmp`]) {
      await writeFile(path, 'x')
      if (path !== paths[1]) await utimes(path, 1, 1)
    }
    const part = join(folder, whole.id.slice(0, 2))
    for (const name of [whole.id, `${whole.id}.json`]) await utimes(join(part, name), 1, 1)
    await openFiles(folder, limits)
    expect(await onDisk()).toEqual([basename(paths[1]!), whole.id, `${whole.id}.json`].sort())
  })

  test('bytes without a sidecar, and with a damaged one, are no file, and are stored again', async () => {
    const files = await openFiles(folder, limits)
    const { id } = await files.add(newFile(png()), never)
    const sidecar = join(folder, id.slice(0, 2), `${id}.json`)
    for (const damaged of [
      '',
      '{',
      '{"id":"x"}',
      `{"id":"${id}","kind":"image","type":"text/html","bytes":100,"name":"a","addedMs":1}`,
    ]) {
      await writeFile(sidecar, damaged)
      expect(await files.find(id)).toBe(undefined)
      expect(await files.add(newFile(png()), never)).toMatchObject({ isNew: true })
    }
    await writeFile(join(folder, id.slice(0, 2), id), 'shorter')
    expect(await files.find(id)).toBe(undefined)
  })
})

describe('taking over a file', () => {
  test('moves it, and removes one that is refused', async () => {
    const files = await openFiles(folder, limits)
    const path = join(folder, '..', 'upload')
    const like = { name: 'a.png', accept: ['image'], maxBytes: 1000 } as const
    await writeFile(path, png())
    expect(await files.adopt(path, like, never)).toMatchObject({ id: sha256(png()), isNew: true })
    await expect(stat(path)).rejects.toThrow()
    for (const bytes of [
      png({ bytes: 1001 }),
      Buffer.alloc(0),
      Buffer.concat([png(), Buffer.from('<html>')]),
    ]) {
      await writeFile(path, bytes)
      await expect(files.adopt(path, like, never)).rejects.toMatchObject({
        name: expect.stringMatching(/TooLarge|Empty|UnsupportedMedia/),
      })
      await expect(stat(path)).rejects.toThrow()
    }
    expect(await onDisk()).toHaveLength(2)
  })
})

test.each(['', 'x', '../x', '0'.repeat(63), '0'.repeat(65), 'A'.repeat(64), `../${'0'.repeat(61)}`])(
  '%j is no id',
  async (id) => {
    const files = await openFiles(folder, limits)
    await copyFile('/dev/null', join(folder, 'x'))
    expect(await files.find(id)).toBe(undefined)
    expect(() => files.read(id)).toThrow(expect.objectContaining({ name: 'FileGoneError' }))
    await files.remove(id)
    expect(await onDisk()).toEqual(['x'])
  },
)

function canMount(): boolean {
  return process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0
}
