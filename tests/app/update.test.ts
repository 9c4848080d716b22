/** A new version of the app: it waits beside the running one, and takes over when the page says so. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../api/server'
import { type LaunchedApp, launchApp } from '../browser/launch'
import { studioReady } from './studio-page'

const webRoot = mkdtempSync(join(tmpdir(), 'understudy-'))
let server: TestServer
let app: LaunchedApp

beforeAll(async () => {
  cpSync(resolve(import.meta.dirname, '../../dist/web'), webRoot, { recursive: true })
  server = await startServer({ webRoot })
  app = await launchApp({ origin: server.origin })
})

afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
  rmSync(webRoot, { recursive: true })
})

/** Publishes another icon, as a new build would: the file, and its revision in the service worker. */
function publish(icon: string): void {
  const worker = readFileSync(join(webRoot, 'sw.js'), 'utf8')
  const changed = worker.replace(/"[^"]*","url":"favicon\.svg"/, '"changed","url":"favicon.svg"')
  expect(changed).not.toBe(worker)
  writeFileSync(join(webRoot, 'favicon.svg'), icon)
  writeFileSync(join(webRoot, 'sw.js'), changed)
  for (const suffix of ['.br', '.gz']) rmSync(join(webRoot, `sw.js${suffix}`))
}

const soon = <T>(answer: Promise<T>): Promise<T> =>
  Promise.race([
    answer,
    new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('No answer.')), 2000)
    }),
  ])

test('waits, takes over when told, and leaves nothing of the old version behind', async () => {
  const { page } = app
  const icon = () => page.evaluate(async () => (await fetch('/favicon.svg')).text())
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await studioReady(page)
  const before = await icon()

  publish('<svg xmlns="http://www.w3.org/2000/svg"/>')
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    await registration.update()
  })
  const waiting = () => page.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state)
  await expect.poll(waiting).toBe('installed')
  expect(await icon()).toBe(before)

  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    registration.waiting?.postMessage({ type: 'SKIP_WAITING' })
  })
  // The page reloads itself now; a question that meets it on its way may never be answered. And nothing is fetched
  // meanwhile: the old worker is replaced when it has nothing to answer.
  await expect.poll(() => soon(waiting()).catch(() => 'reloading'), { timeout: 60_000 }).toBeUndefined()
  await expect
    .poll(() => soon(icon()).catch(() => before), { timeout: 60_000, interval: 1000 })
    .toBe('<svg xmlns="http://www.w3.org/2000/svg"/>')
  const copies = () =>
    page.evaluate(async () => {
      const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
      const requests = (await Promise.all(stores.map((store) => store.keys()))).flat()
      return requests.filter(({ url }) => url.includes('favicon')).length
    })
  await expect.poll(() => soon(copies()).catch(() => 0)).toBe(1)
})
