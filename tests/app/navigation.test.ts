/** The three pages: their addresses, keys and focus, and what becomes of the camera when Live is left. */
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LaunchedApp, launchApp } from '../browser/launch'
import { startCamera, studioReady } from './studio-page'

let app: LaunchedApp
let page: Page

declare global {
  var cameraTracks: MediaStreamTrack[]
}

/** Every track the page ever gets is remembered, to see whether its light is on. */
const rememberTracks = () => {
  globalThis.cameraTracks = []
  const { mediaDevices } = navigator
  const get = mediaDevices.getUserMedia.bind(mediaDevices)
  mediaDevices.getUserMedia = async (wanted) => {
    const stream = await get(wanted)
    globalThis.cameraTracks.push(...stream.getVideoTracks())
    return stream
  }
}
const lightsOn = () =>
  page.evaluate(() => globalThis.cameraTracks.filter(({ readyState }) => readyState === 'live').length)
const phase = () => page.evaluate(() => globalThis.understudy!.phase())
const tab = (name: string) => page.getByRole('link', { name })
const path = () => new URL(page.url()).pathname

beforeAll(async () => {
  app = await launchApp({ prepare: (page) => page.addInitScript(rememberTracks) })
  page = app.page
  await startCamera(page)
})

afterAll(() => app?.[Symbol.asyncDispose]())

test('addresses, titles and the current tab follow the page; back and forward work', async () => {
  const seen = async () => ({
    path: path(),
    title: await page.title(),
    current: await page.locator('.tab[aria-current=page]').textContent(),
  })
  expect(await seen()).toEqual({ path: '/', title: 'Understudy', current: 'Live' })
  await tab('Library').click()
  expect(await seen()).toEqual({ path: '/library', title: 'Library · Understudy', current: 'Library' })
  await page.getByRole('main', { name: 'Library' }).waitFor()
  await tab('Clip').click()
  expect(await seen()).toEqual({ path: '/clip', title: 'Clip · Understudy', current: 'Clip' })
  await page.goBack()
  await page.goBack()
  expect(await seen()).toEqual({ path: '/', title: 'Understudy', current: 'Live' })
  expect(await page.getByRole('main').count()).toBe(1) // the others are hidden from everybody
  await page.goForward()
  expect(await seen()).toMatchObject({ path: '/library', current: 'Library' })
  await tab('Live').click()
})

test('a tab can be opened in a window of its own', async () => {
  const opening = app.context.waitForEvent('page')
  await tab('Library').click({ modifiers: ['ControlOrMeta'] })
  const other = await opening
  await other.getByRole('main', { name: 'Library' }).waitFor()
  expect(path()).toBe('/')
  await other.close()
})

test('keys of Live do nothing elsewhere', async () => {
  const mirror = () => page.evaluate(() => globalThis.understudy!.settings().look.mirror)
  const before = await mirror()
  await page.keyboard.press('m')
  expect(await mirror()).toBe(!before)
  await tab('Library').click()
  await page.keyboard.press('m')
  expect(await mirror()).toBe(!before)
  await tab('Live').click()
  await page.keyboard.press('m')
  expect(await mirror()).toBe(before)
})

test('who leaves by a button of a page is in the next one; who presses a tab stays there', async () => {
  await tab('Library').click()
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Library')
  await page.getByRole('button', { name: 'Record in Live' }).click()
  expect(path()).toBe('/')
  expect(await page.evaluate(() => document.activeElement?.matches('.page:not([hidden])'))).toBe(true)
})

describe('the camera', () => {
  test('goes off with Live, and on again with it', async () => {
    await expect.poll(phase).toBe('live')
    expect(await lightsOn()).toBe(1)
    await tab('Library').click()
    await expect.poll(lightsOn).toBe(0)
    expect(await phase()).toBe('resting')
    await tab('Live').click()
    await expect.poll(phase).toBe('live')
    expect(await lightsOn()).toBe(1)
    const shown = await page.evaluate(() => globalThis.understudy!.stats()?.shown ?? 0)
    await page.waitForFunction((n) => (globalThis.understudy!.stats()?.shown ?? 0) > n, shown)
  })

  test('stays on while somebody watches the output, and the tab says so', async () => {
    await page.evaluate(() => {
      const unwatch = globalThis.understudy!.watchOutput()
      addEventListener('enough', () => unwatch(), { once: true })
    })
    await tab('Clip').click()
    await page.locator('.tab-dot').waitFor()
    expect(await phase()).toBe('live')
    expect(await lightsOn()).toBe(1)
    const shown = await page.evaluate(() => globalThis.understudy!.stats()?.shown ?? 0)
    await page.waitForFunction((n) => (globalThis.understudy!.stats()?.shown ?? 0) > n, shown)
    await page.evaluate(() => dispatchEvent(new Event('enough')))
    await expect.poll(lightsOn).toBe(0)
    expect(await phase()).toBe('resting')
    await tab('Live').click()
    await expect.poll(phase).toBe('live')
  })

  test('that was stopped stays off', async () => {
    await page.evaluate(() => globalThis.understudy!.stop())
    await tab('Library').click()
    await tab('Live').click()
    await page.getByText('Where should the picture come from?').waitFor()
    expect(await phase()).toBe('idle')
    expect(await lightsOn()).toBe(0)
  })
})

test('a page opened by its address shows it, on a phone too, with room for a finger', async () => {
  const context = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
  await using phone = await launchApp({ context, path: '/library', origin: app.origin })
  await studioReady(phone.page)
  await phone.page.getByRole('main', { name: 'Library' }).waitFor()
  for (const name of ['Live', 'Clip', 'Library']) {
    const box = (await phone.page.getByRole('link', { name }).boundingBox())!
    expect(box.height, name).toBeGreaterThanOrEqual(44)
    expect(box.width, name).toBeGreaterThanOrEqual(44)
    expect(box.x + box.width).toBeLessThanOrEqual(390)
  }
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  expect(phone.problems).toEqual([])
})

test('nothing went wrong on the way', () => {
  expect(app.problems).toEqual([])
})
