/** What the queue of clips survives in the built app: a tab that crashes, and storage that is full. */
import { createHash } from 'node:crypto'
import type { BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LaunchedApp } from '../browser/launch'
import { type ClipFixtures, clipFixtures } from '../media/clip-fixtures'
import { fileAt, openClipPage } from './clip-page'
import { studioReady } from './studio-page'

const SEED = 20_261_121

let fixtures: ClipFixtures
let app: LaunchedApp
beforeAll(async () => {
  fixtures = await clipFixtures()
  app = await openClipPage()
})
afterAll(() => app?.[Symbol.asyncDispose]())

/** Numbers 0..1, the same every time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const add = (page: Page, path: string): Promise<string> =>
  page.evaluate(async ({ name, base64 }) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
    return globalThis.understudy!.clips.add(new File([bytes], name, { type: 'video/mp4' }))
  }, sendable(path))

const sendable = (path: string) => {
  const { name, bytes } = fileAt(path)
  return { name, base64: bytes.toString('base64') }
}

const jobs = (page: Page) =>
  page.evaluate(async () =>
    (await globalThis.understudy!.clips.jobs()).map(({ id, state, progress }) => ({
      id,
      state,
      frames: progress?.frames ?? 0,
    })),
  )

const stateOf = async (page: Page, id: string) => (await jobs(page)).find((job) => job.id === id)?.state

const waitFor = (page: Page, id: string) =>
  page.evaluate(async (job) => (await globalThis.understudy!.clips.waitFor(job)).state, id)

/** The pictures and the sound of an mp4: what its mdat boxes hold. The header says when it was made. */
async function contentOf(page: Page, id: string): Promise<{ bytes: number; hash: string }> {
  const base64 = await page.evaluate(async (job) => {
    const file = await globalThis.understudy!.clips.result(job)
    let binary = ''
    for (const byte of new Uint8Array(await file.arrayBuffer())) binary += String.fromCharCode(byte)
    return btoa(binary)
  }, id)
  const file = Buffer.from(base64, 'base64')
  const hash = createHash('sha256')
  for (let at = 0; at < file.length; at += file.readUInt32BE(at) || file.length) {
    if (file.toString('latin1', at + 4, at + 8) === 'mdat')
      hash.update(file.subarray(at + 8, at + file.readUInt32BE(at)))
  }
  return { bytes: file.length, hash: hash.digest('hex') }
}

async function crash(context: BrowserContext, page: Page): Promise<Page> {
  const cdp = await context.newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  cdp.send('Page.crash').catch(() => undefined) // nobody is left to answer
  await crashed
  await page.close()
  const next = await context.newPage()
  await next.goto(new URL('/clip', app.origin).href)
  await studioReady(next)
  return next
}

test('a tab that crashes at random points, five times, loses nothing that was finished', async () => {
  const random = seeded(SEED)
  const { context } = app
  let { page } = app
  const first = await add(page, fixtures.slow!.path)
  const startMs = performance.now()
  expect(await waitFor(page, first)).toMatchObject({ name: 'done' })
  const tookMs = performance.now() - startMs
  const expected = await contentOf(page, first)
  const ids = new Set<string>()
  for (let round = 0; round < 5; round++) {
    const open = (await jobs(page)).find(({ state }) => state.name === 'paused')
    if (open) {
      expect(open.state).toMatchObject({ reason: 'InterruptedError' })
      await page.evaluate((id) => globalThis.understudy!.clips.resume(id), open.id)
    } else ids.add(await add(page, fixtures.slow!.path))
    await page.waitForTimeout(random() * tookMs) // the point of the crash, not a wait for anything
    page = await crash(context, page)
  }
  for (const { id, state } of await jobs(page))
    if (state.name === 'paused') await page.evaluate((job) => globalThis.understudy!.clips.resume(job), id)
  for (const id of ids) {
    expect(await waitFor(page, id)).toMatchObject({ name: 'done' })
    expect(await contentOf(page, id)).toEqual(expected)
  }
  app = { ...app, page }
})

test('with the storage full a clip is refused, or pauses and goes on once there is room', async () => {
  const { context, page, origin } = app
  const cdp = await context.newCDPSession(page)
  const quota = (quotaSize?: number) =>
    cdp.send('Storage.overrideQuotaForOrigin', { origin, ...(quotaSize === undefined ? {} : { quotaSize }) })
  const used = () => page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0)
  const clips = () =>
    page.evaluate(async () => {
      const root = await navigator.storage.getDirectory()
      const names: string[] = []
      for await (const name of (await root.getDirectoryHandle('clips')).keys()) names.push(name)
      return names
    })
  const before = await clips()
  await quota((await used()) + 10_000)
  const refused = page.evaluate(async (file) => {
    const bytes = Uint8Array.from(atob(file.base64), (c) => c.charCodeAt(0))
    const error = await globalThis
      .understudy!.clips.add(new File([bytes], file.name))
      .catch((thrown: Error) => thrown)
    return error instanceof Error ? error.name : 'accepted'
  }, sendable(fixtures.slow!.path))
  expect(await refused).toBe('QuotaExceededError')
  expect(await clips()).toEqual(before)

  await quota()
  const id = await add(page, fixtures.slow!.path)
  await quota(await used())
  expect(await waitFor(page, id)).toMatchObject({ name: 'paused', reason: 'QuotaExceededError' })
  await quota()
  await page.evaluate((job) => globalThis.understudy!.clips.resume(job), id)
  await expect.poll(() => stateOf(page, id), { timeout: 60_000 }).toMatchObject({ name: 'done' })
})
