/** The installed app with the server gone: the page opens, has threads, and finds its models and its runtime. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LaunchedApp, launchApp } from '../browser/launch'

const web = resolve(import.meta.dirname, '../../dist/web')

const wasm = readdirSync(resolve(web, 'assets')).flatMap((file) =>
  file.endsWith('.wasm') ? `/assets/${file}` : [],
)
const isBig = (path: string) => /(asyncify|jsep|jspi|ffmpeg).*\.wasm$/.test(path)
const runtimes = { plain: wasm.filter((path) => !isBig(path)), big: wasm.filter(isBig) }

let app: LaunchedApp
let page: Page

beforeAll(async () => {
  app = await launchApp()
  page = app.page
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  for (const path of runtimes.big) await page.evaluate(async (url) => (await fetch(url)).arrayBuffer(), path)
  await app.server!.stop()
})

afterAll(() => app?.[Symbol.asyncDispose]())

test.each(['/', '/clip', '/library', '/output'])(
  '%s opens without the server, cross-origin isolated',
  async (path) => {
    const before = app.problems.length
    const response = await page.goto(app.origin + path)
    expect(response!.status()).toBe(200)
    expect(response!.fromServiceWorker()).toBe(true)
    expect(response!.headers()['content-security-policy']).toContain("script-src 'self'")
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    await expect.poll(() => page.locator('body').textContent()).not.toBe('')
    expect(app.problems.slice(before)).toEqual([])
  },
)

test.each([
  ['/clip', 'main.clip'],
  ['/library', 'main.library'],
])('%s, a script of its own, is shown without the server', async (path, main) => {
  const before = app.problems.length
  await page.goto(app.origin + path)
  await page.reload()
  await page.locator(main).waitFor()
  expect(app.problems.slice(before)).toEqual([])
})

test('every embedded model is there, byte for byte', async () => {
  for (const name of readdirSync(resolve(web, 'models')).filter((file) => !/\.(br|gz)$/.test(file))) {
    const digest = await page.evaluate(async (path) => {
      const bytes = await (await fetch(path)).arrayBuffer()
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
      return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    }, `/models/${name}`)
    expect(digest, name).toBe(
      createHash('sha256')
        .update(readFileSync(resolve(web, 'models', name)))
        .digest('hex'),
    )
  }
})

test('the plain runtime compiles from the cache, and the big one too once it was used', async () => {
  expect(runtimes.plain.length).toBeGreaterThan(0)
  for (const path of [...runtimes.plain, ...runtimes.big]) {
    const exported = await page.evaluate(async (url) => {
      const module = await WebAssembly.compileStreaming(fetch(url, { cache: 'no-store' }))
      return WebAssembly.Module.exports(module).length
    }, path)
    expect(exported, path).toBeGreaterThan(10)
  }
})

test('what every visitor downloads leaves out the big runtime', async () => {
  const listed = await page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.includes('precache'))
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return requests.flat().map(({ url }) => new URL(url).pathname)
  })
  expect(listed).toContain('/index.html')
  expect(listed.filter((path) => isBig(path) || path.endsWith('.map'))).toEqual([])
  const bytes = listed.reduce((sum, path) => sum + statSync(web + path).size, 0)
  expect(bytes).toBeLessThan(24 * 1024 * 1024)
})
