/** The library thread on this browser's real storage: nothing that plays is lost, nothing else stays. */
import { proxy } from 'comlink'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Connection, connect } from '../rpc/connect'
import { removeEntry } from '../storage/folders'
import { workDatabase } from '../storage/work-db'
import { allItems, changeItem, getItem, libraryFolder, putItem } from './library'
import { type LibraryApi, UNDO_MS } from './library-item'
import { addSample, sampleFrames, sampleGif, sampleMp4, samplePng, writeFile } from './testing/samples'

let threads: Connection<LibraryApi>[] = []

/** Another tab's library thread. */
async function openLibrary(onChange: () => void = () => undefined): Promise<Connection<LibraryApi>> {
  const worker = new Worker(new URL('./library.worker.ts', import.meta.url), { type: 'module' })
  const thread = connect<LibraryApi>(worker)
  threads.push(thread)
  await thread.api.open(proxy(onChange))
  return thread
}

/** Holds the file open for writing, as a recorder does, until it dies. */
async function writer(id: string): Promise<Worker> {
  const code = `
    const root = await navigator.storage.getDirectory()
    const handle = await (await root.getDirectoryHandle('library')).getFileHandle(${JSON.stringify(id)})
    self.held = await handle.createSyncAccessHandle()
    postMessage('held')`
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), {
    type: 'module',
  })
  onTestFinished(() => worker.terminate())
  await new Promise((resolve) => worker.addEventListener('message', resolve, { once: true }))
  return worker
}

const fileNames = async () => {
  const names: string[] = []
  for await (const name of (await libraryFolder()).keys()) names.push(name)
  return names.sort()
}

beforeEach(async () => {
  await (await workDatabase()).clear('library')
  await removeEntry(await navigator.storage.getDirectory(), 'library')
})

afterEach(() => {
  for (const thread of threads) thread[Symbol.dispose]()
  threads = []
})

describe('what a writer left undefined', () => {
  test.each([
    ['a video', sampleMp4, { kind: 'clip', type: 'video/mp4' }, [96, 64], 1],
    ['frames', sampleFrames, { kind: 'frames', type: 'application/zip' }, [40, 30], undefined],
    ['a moving picture', async () => sampleGif(), { kind: 'gif', type: 'image/gif' }, [1, 1], undefined],
    ['a picture', () => samplePng('teal'), { kind: 'still', type: 'image/png' }, [40, 30], undefined],
  ] as const)('%s tells it', async (_, make, known, [width, height], durationS) => {
    await addSample('one', await make(), known)
    const { api } = await openLibrary()
    await expect.poll(async () => (await api.list())[0]?.thumbnail?.size ?? 0).toBeGreaterThan(100)
    const item = (await api.list())[0]!
    expect(item).toMatchObject({ id: 'one', ...known, width, height, state: 'whole' })
    if (durationS) expect(item.durationS).toBeCloseTo(durationS, 2)
    const thumbnail = await createImageBitmap(item.thumbnail!)
    expect(thumbnail.width / thumbnail.height).toBeCloseTo(width / height, 1)
    thumbnail.close()
  })

  test('a thumbnail is not the black first frame', async () => {
    await addSample('red', await sampleMp4('rgb(220, 20, 20)'))
    const { api } = await openLibrary()
    await expect.poll(async () => (await api.list())[0]?.thumbnail).toBeDefined()
    const [r, g] = await pixel((await api.list())[0]!.thumbnail!)
    expect(r).toBeGreaterThan(180)
    expect(g).toBeLessThan(70)
  })

  test('the first of the frames is there at full size', async () => {
    await addSample('frames', await sampleFrames(), { kind: 'frames' })
    const { api } = await openLibrary()
    const first = await api.firstFrame('frames')
    expect(first?.type).toBe('image/png')
    expect(await pixel(first!)).toEqual([0, 255, 0])
    expect(await first!.arrayBuffer()).toEqual(await (await samplePng('lime')).arrayBuffer())
  })
})

test('after a crash: what plays is an item again, what does not goes, what is being written stays alone', async () => {
  await writeFile('plays', await sampleMp4())
  await writeFile('broken', (await sampleMp4()).slice(0, 300))
  await writeFile('empty', new Blob())
  await writeFile('written', await sampleMp4())
  const open = await writer('written')
  await addSample('normal', await sampleMp4())
  await putItem({ ...(await getItem('normal'))!, id: 'lost', name: 'no file' })
  await putItem({ ...(await getItem('normal'))!, id: 'begun', name: 'just begun', state: 'recording' })

  const { api } = await openLibrary()
  const ids = async () => (await api.list()).map(({ id }) => id).sort()
  expect(await ids()).toEqual(['begun', 'normal']) // files this young may be anybody's
  await expect.poll(ids, { timeout: 30_000 }).toContain('plays')
  await expect.poll(fileNames).toEqual(['normal', 'plays', 'written'])
  const found = (await api.list()).find(({ id }) => id === 'plays')!
  expect(found).toMatchObject({ kind: 'clip', type: 'video/mp4', width: 96, height: 64, state: 'whole' })
  expect(found.name).toMatch(/^Found again \d{4}-/)
  expect(found.bytes).toBe((await api.file('plays')).size)

  open.terminate() // its writer dies too, and the browser starts again
  await removeEntry(await libraryFolder(), 'normal')
  const next = await openLibrary()
  await expect.poll(async () => (await next.api.list()).map(({ id }) => id).sort()).toContain('written')
  expect((await allItems()).map(({ id }) => id).sort()).not.toContain('normal')
})

test('a recording is interrupted once nobody writes it, and can be kept', async () => {
  await addSample('tape', await sampleMp4(), { kind: 'recording', state: 'recording', bytes: 0 })
  const recorder = await writer('tape')
  const { api } = await openLibrary()
  expect((await api.list())[0]!.state).toBe('recording')
  recorder.terminate()
  await expect.poll(async () => (await api.list())[0]!.state).toBe('interrupted')
  await api.keep('tape')
  const kept = (await api.list())[0]!
  expect(kept).toMatchObject({ kind: 'recording', state: 'whole', width: 96 })
  expect(kept.bytes).toBe((await api.file('tape')).size)
  expect(kept.durationS).toBeCloseTo(1, 2)

  await addSample('noise', new Blob([crypto.getRandomValues(new Uint8Array(5000))]), { state: 'recording' })
  await expect(api.keep('noise')).rejects.toThrow(
    expect.objectContaining({ name: 'RecordingUnreadableError' }),
  )
})

describe('deleting', () => {
  test('can be taken back; every tab sees both', async () => {
    for (const id of ['a', 'b']) await addSample(id, await samplePng('red'), { kind: 'still' })
    let heard = 0
    const { api } = await openLibrary()
    const other = await openLibrary(() => heard++)
    await api.remove(['a', 'b'])
    expect(await other.api.list()).toEqual([])
    await expect.poll(() => heard).toBeGreaterThan(1)
    await api.restore(['b'])
    expect((await other.api.list()).map(({ id }) => id)).toEqual(['b'])
    expect(await fileNames()).toEqual(['a', 'b'])
  })

  test('is for good even if the page is closed at once', async () => {
    for (const id of ['a', 'b']) await addSample(id, await samplePng('red'), { kind: 'still' })
    const { api } = await openLibrary()
    await api.remove(['a'])
    threads.pop()?.[Symbol.dispose]()
    expect(await fileNames()).toEqual(['a', 'b'])
    await changeItem('a', { deletedAt: Date.now() - 2 * UNDO_MS }) // the time passes
    await openLibrary()
    await expect.poll(fileNames).toEqual(['b'])
    expect((await allItems()).map(({ id }) => id)).toEqual(['b'])
  })
})

test('renaming trims and keeps to one line; an empty name is none', async () => {
  await addSample('one', await samplePng('red'), { kind: 'still', name: 'First' })
  const { api } = await openLibrary()
  const name = async () => (await api.list())[0]!.name
  await api.rename('one', '   ')
  expect(await name()).toBe('First')
  await api.rename('one', `  Take\n2 / “best” ${'x'.repeat(200)} `)
  expect(await name()).toBe(`Take 2 / “best” ${'x'.repeat(200)}`.slice(0, 120))
})

test('a file that is gone is said by name', async () => {
  const { api } = await openLibrary()
  await expect(api.file('none')).rejects.toThrow(expect.objectContaining({ name: 'LibraryFileMissingError' }))
})

async function pixel(picture: Blob): Promise<number[]> {
  const image = await createImageBitmap(picture)
  const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!
  context.drawImage(image, 0, 0)
  image.close()
  return [...context.getImageData(image.width / 2, image.height / 2, 1, 1).data.slice(0, 3)]
}
