import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright'
import type { Pixels } from '../../models/pixels'
import type { Automation } from '../../web/studio/automation'

declare global {
  var understudy: Automation | undefined
}

/** The page by script, in the page: for `page.evaluate`. */
export const studioReady = (page: Page) =>
  page
    .waitForFunction(() => globalThis.understudy)
    .then(() => page.evaluate(() => globalThis.understudy?.ready))

/** Presses start as a person would: the first time there is a question to answer. */
export async function startCamera(page: Page): Promise<void> {
  await studioReady(page)
  const started = page.evaluate(() => globalThis.understudy?.start('camera'))
  if (!(await page.evaluate(() => globalThis.understudy?.settings().consentedAt))) {
    await page.getByRole('checkbox', { name: /permission/ }).check()
    await page.getByRole('button', { name: 'Continue' }).click()
  }
  await started
  await page.waitForFunction(() => (globalThis.understudy?.stats()?.shown ?? 0) > 0)
}

/** Uses one of the demo characters, by its place in the tray, and waits until a face is theirs. */
export async function useCharacter(page: Page, index: number): Promise<void> {
  await page.waitForFunction((i) => (globalThis.understudy?.sources().length ?? 0) > i, index)
  await page.evaluate(async (i) => {
    const source = globalThis.understudy?.sources()[i]
    if (source) await globalThis.understudy?.useSource(source.id)
  }, index)
  await waitForSwap(page)
}

/** Uses a picture file. */
export async function usePicture(page: Page, path: string): Promise<void> {
  const base64 = (await readFile(path)).toString('base64')
  await page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
    await globalThis.understudy?.addSource(new Blob([bytes]), 'Picture')
  }, base64)
  await waitForSwap(page)
}

export const waitForSwap = (page: Page) =>
  page.waitForFunction(() => globalThis.understudy?.stats()?.faces.some((face) => face.swapped))

/** The picture as shown now. */
export async function snapshot(page: Page): Promise<Pixels> {
  const { width, height, base64 } = await page.evaluate(async () => {
    const studio = globalThis.understudy
    if (!studio) throw new Error('The page has no scripting handle.')
    const bitmap = await createImageBitmap(await studio.snapshot())
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    context?.drawImage(bitmap, 0, 0)
    const data = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? []
    let binary = ''
    for (let i = 0; i < data.length; i += 8192) binary += String.fromCharCode(...data.slice(i, i + 8192))
    return { width: bitmap.width, height: bitmap.height, base64: btoa(binary) }
  })
  return { width, height, data: new Uint8ClampedArray(Buffer.from(base64, 'base64')) }
}

/** Opens the page again as on a machine where this compositor was measured to be the better one. */
export async function drawWith(page: Page, kind: 'cpu' | 'webgpu'): Promise<void> {
  await page.evaluate(
    (compositor) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('understudy')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const db = opening.result
          const store = db.transaction('settings', 'readwrite').objectStore('settings')
          const reading = store.get('capabilities')
          reading.onsuccess = () => {
            const writing = store.put({ ...reading.result, compositor }, 'capabilities')
            writing.onsuccess = () => {
              db.close()
              resolve()
            }
          }
        }
      }),
    kind,
  )
  await page.reload()
}
