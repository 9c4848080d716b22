/** The clip page as a person uses it: a video in, a character chosen, Swap, and a result that plays. */
import { basename } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LaunchedApp } from '../browser/launch'
import { CLIP, type ClipFixtures, clipFixtures } from '../media/clip-fixtures'
import { changed, drop, dropClip, fileAt, openClipPage, played, swap } from './clip-page'
import { renderedPortrait } from './rendered-portrait'

let fixtures: ClipFixtures
let app: LaunchedApp

beforeAll(async () => {
  fixtures = await clipFixtures()
  app = await openClipPage()
})
afterAll(() => app?.[Symbol.asyncDispose]())

const lengthS = CLIP.frames / CLIP.fps
const clip = () => (fixtures.mp4 ?? fixtures.webm)!.path
const character = (name: string) => app.page.getByRole('button', { name, exact: true })
const tab = (name: string) => app.page.getByRole('tab', { name })
const text = (selector: string) => app.page.locator(selector).first().textContent()

describe('a clip', () => {
  let whole: string

  test('is dropped, and shown with its facts', async () => {
    await dropClip(app.page, clip())
    expect(await text('.clip-facts')).toMatch(/^320 × 240 · (30|29.97) fps · H.264 in MP4 · .*0:02\.5\d/)
    await expect.poll(() => app.page.locator('.film-picture').count()).toBeGreaterThan(3)
    await expect.poll(() => app.page.getByRole('img', { name: /1 face/ }).count()).toBe(1)
  })

  test('cannot be swapped while nobody becomes anybody, and says why', async () => {
    await app.page.getByRole('button', { name: 'None' }).click()
    const button = app.page.getByRole('button', { name: 'Swap', exact: true })
    await expect.poll(() => button.isDisabled()).toBe(true)
    expect(await text('.swap-note')).toContain('Choose a character')
    await character('Anton').click()
    await expect.poll(() => button.isEnabled()).toBe(true)
  })

  test('is swapped: as long as before, with another face in the same place', async () => {
    whole = await swap(app.page)
    const result = await played(app.page, whole)
    expect(result).toMatchObject({ type: 'video/mp4', width: CLIP.width, height: CLIP.height })
    expect(result.duration).toBeCloseTo(lengthS, 1)
    for (const timeS of [0.1, lengthS / 2, lengthS - 0.1]) {
      const { face, around } = await changed(app.page, whole, clip(), timeS)
      expect(face, `at ${timeS} s`).toBeGreaterThan(6)
      expect(around, `at ${timeS} s`).toBeLessThan(3)
    }
  })

  test('its result plays in the page and is in the library', async () => {
    await tab('Queue').click()
    await app.page.locator('.job').getByRole('button', { name: 'Play' }).click()
    const dialog = app.page.getByRole('dialog', { name: /\.mp4$/ })
    await expect
      .poll(() => dialog.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime))
      .toBeGreaterThan(0)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await app.page.getByRole('link', { name: 'Library' }).click()
    const name = basename(clip()).replace(/\.\w+$/, '')
    await app.page.locator('.library').getByText(name).first().waitFor()
    await app.page.getByRole('link', { name: 'Clip' }).click()
  })

  test('a marked part of it is swapped alone', async () => {
    await app.page.getByRole('slider', { name: 'Playhead' }).focus()
    const { keyboard } = app.page
    await keyboard.press('Home')
    for (let i = 0; i < 15; i++) await keyboard.press('ArrowRight')
    await expect.poll(() => text('.clock b')).toBe('0:00.50')
    await keyboard.press('i')
    await keyboard.press('Shift+ArrowRight')
    await expect.poll(() => text('.clock b')).toBe('0:01.50')
    await keyboard.press('o')
    expect(await text('.marks-length')).toMatch(/^Length 0:01\.0[34]$/) // the frame that ends it is in it
    const part = await swap(app.page)
    const { duration } = await played(app.page, part)
    expect(duration).toBeGreaterThan(0.95)
    expect(duration).toBeLessThan(1.1)
    const { face, around } = await changed(app.page, part, clip(), 1, 0.5)
    expect(face).toBeGreaterThan(6)
    expect(around).toBeLessThan(3)
    await app.page.getByRole('button', { name: /Clear the marks/ }).click()
  })

  test('its settings are still there after a look at Live', async () => {
    await tab('Export').click()
    await app.page.getByRole('radio', { name: 'GIF' }).check()
    await app.page.getByRole('link', { name: 'Live' }).click()
    await app.page.getByRole('link', { name: 'Clip' }).click()
    expect(await app.page.getByRole('radio', { name: 'GIF' }).isChecked()).toBe(true)
    await expect.poll(() => text('.forecast')).toMatch(/about \d/)
    await app.page.getByRole('radio', { name: 'MP4' }).check()
  })

  test('the person in it is found and can keep their own face', async () => {
    await tab('Faces').click()
    await app.page.getByRole('button', { name: 'Scan for people' }).click()
    const person = app.page.getByRole('combobox', { name: 'Person 1 becomes' })
    await person.waitFor()
    expect(await app.page.getByRole('combobox', { name: /^Person/ }).count()).toBe(1)
    expect(await text('.people .note')).toMatch(/Told apart/)
    const still = () =>
      app.page.evaluate(async () =>
        Array.from(new Uint8Array(await (await globalThis.understudy!.clips.saveStill()).arrayBuffer())),
      )
    const swapped = await still()
    await person.selectOption({ label: 'Keep own face' })
    const kept = await still()
    expect(kept).not.toEqual(swapped)
    await person.selectOption({ label: 'Like everyone' })
    expect(await still()).toEqual(swapped)
  })

  test('the queue can be stopped, gone on with and emptied', async () => {
    const id = await app.page.evaluate(async (base64) => {
      const { clips } = globalThis.understudy!
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
      const made = await clips.add(new File([bytes], 'again.mp4', { type: 'video/mp4' }))
      await clips.pause(made)
      return made
    }, fileAt(clip()).bytes.toString('base64'))
    await tab('Queue').click()
    const row = app.page.locator('.job', { hasText: 'again.mp4' })
    await row.getByRole('button', { name: 'Continue' }).click()
    await app.page.evaluate((job) => globalThis.understudy!.clips.waitFor(job), id)
    await row.getByRole('button', { name: 'Play' }).waitFor()
    await row.getByRole('button', { name: /Remove/ }).click()
    await expect.poll(() => row.count()).toBe(0)
  })
})

describe('a picture', () => {
  const portrait = async () => ({
    name: 'vera.png',
    type: 'image/png',
    bytes: await renderedPortrait(app.page),
  })

  test('dropped on the stage is swapped and saved at its own size', async () => {
    await drop(app.page, [await portrait()], '.clip .stage')
    await app.page.locator('.clip-facts', { hasText: 'Still picture' }).waitFor()
    await tab('Export').click()
    await app.page.getByRole('radio', { name: 'JPEG' }).check()
    const saved = await app.page.evaluate(async () => {
      const file = await globalThis.understudy!.clips.saveStill('image/jpeg')
      const { width, height } = await createImageBitmap(file)
      return { name: file.name, type: file.type, width, height }
    })
    expect(saved).toMatchObject({ name: 'vera-swapped.jpg', type: 'image/jpeg' })
    expect(saved).toMatchObject({ width: 640, height: 640 })
  })

  test('dropped on the tray becomes a character', async () => {
    await drop(app.page, [await portrait()], '.clip .source-panel')
    await character('vera').waitFor()
    expect(await text('.clip-facts')).toContain('Still picture')
  })
})

test('a file that is no video says so, and can be put away', async () => {
  const { notVideo } = fixtures
  const bytes = notVideo ? fileAt(notVideo.path).bytes : Buffer.from('This is a shopping list.')
  await drop(app.page, [{ name: 'list.mp4', type: 'video/mp4', bytes }], '.clip .stage')
  const alert = app.page.locator('.curtain[role=alert]')
  await alert.waitFor()
  expect(await alert.textContent()).toContain('list.mp4')
  expect(await alert.textContent()).not.toContain('Something unexpected')
  await alert.getByRole('button', { name: 'Remove it' }).click()
  await expect.poll(() => alert.count()).toBe(0)
})

test('nothing was said on the console', () => {
  expect(app.problems).toEqual([])
})
