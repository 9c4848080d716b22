/** Clips that no browser reads, in the built app with its security headers: ffmpeg from our own server, and offline. */
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LaunchedApp } from '../browser/launch'
import { CLIP, type ClipFixtures, clipFixtures } from '../media/clip-fixtures'
import { fileAt, openClipPage } from './clip-page'

const fixtures: ClipFixtures = await clipFixtures()
let app: LaunchedApp
beforeAll(async () => {
  app = await openClipPage()
})
afterAll(() => app?.[Symbol.asyncDispose]())

/** Opens a file on the clip page and tells what it is. */
const open = (page: Page, path: string) => {
  const { name, bytes } = fileAt(path)
  return page.evaluate(
    async ({ called, base64 }) => {
      const data = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
      try {
        const opened = await globalThis.understudy!.clips.open(new File([data], called))
        return { info: opened.kind === 'clip' ? opened.info : undefined, error: undefined }
      } catch (error) {
        return { info: undefined, error: error instanceof Error ? error.name : String(error) }
      }
    },
    { called: name, base64: bytes.toString('base64') },
  )
}

test.runIf(fixtures.avi)('an AVI is converted and opens', async () => {
  const { info, error } = await open(app.page, fixtures.avi!.path)
  expect(error).toBeUndefined()
  expect(info).toMatchObject({ container: 'AVI', converted: true, video: { width: CLIP.width } })
  expect(app.problems).toEqual([])
})

test.runIf(fixtures.mpeg)('once used, the converter is there without the server', async () => {
  const { page } = app
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await page.reload()
  await page.waitForFunction(() => globalThis.understudy)
  expect((await open(page, fixtures.mpeg!.path)).error).toBeUndefined()
  await app.server!.stop()
  await page.reload()
  await page.waitForFunction(() => globalThis.understudy)
  const { info, error } = await open(page, fixtures.mpeg!.path)
  expect(error).toBeUndefined()
  expect(info?.converted).toBe(true)
})
