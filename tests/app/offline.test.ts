/** The installed app with the server gone: the page opens, has threads, and finds its models and its runtime. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LaunchedApp, launchApp } from '../browser/launch'

const web = resolve(import.meta.dirname, '../../dist/web')

let app: LaunchedApp
let page: Page

beforeAll(async () => {
  app = await launchApp()
  page = app.page
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await app.server!.stop()
})

afterAll(() => app?.[Symbol.asyncDispose]())

test.each(['/', '/output'])('%s opens without the server, cross-origin isolated', async (path) => {
  const before = app.problems.length
  const response = await page.goto(app.origin + path)
  expect(response!.status()).toBe(200)
  expect(response!.fromServiceWorker()).toBe(true)
  expect(response!.headers()['content-security-policy']).toContain("script-src 'self'")
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  await expect.poll(() => page.locator('body').textContent()).not.toBe('')
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

test('the plain runtime compiles from the cache; the WebGPU one was not fetched for it', async () => {
  const assets = readdirSync(resolve(web, 'assets')).filter((file) => file.endsWith('.wasm'))
  const plain = assets.filter((file) => !/asyncify|jsep|jspi/.test(file))
  expect(plain.length).toBeGreaterThan(0)
  for (const file of plain) {
    const exported = await page.evaluate(async (path) => {
      const module = await WebAssembly.compileStreaming(fetch(path))
      return WebAssembly.Module.exports(module).length
    }, `/assets/${file}`)
    expect(exported, file).toBeGreaterThan(10)
  }
  const cached = await page.evaluate(async () => {
    const names = await caches.keys()
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return requests.flat().map(({ url }) => new URL(url).pathname)
  })
  expect(cached.filter((path) => /asyncify|jsep|jspi|\.map$/.test(path))).toEqual([])
  const bytes = cached.reduce((sum, path) => sum + statSync(web + path).size, 0)
  expect(bytes).toBeLessThan(32 * 1024 * 1024)
})
