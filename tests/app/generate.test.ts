/** From a sentence to a result: on the Generate page, through a reload, on a phone, and when something goes wrong. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LaunchedApp } from '../browser/launch'
import type { Served } from '../browser/serve'
import type { StandIn } from '../comfy/stand-in'
import { clipFixtures } from '../media/clip-fixtures'
import { ask, openApp, PHONE, playing, SENTENCE, serveWith, startBox, stateOf } from './generate-page'

let clip: string
let box: StandIn
let server: Served
let app: LaunchedApp

beforeAll(async () => {
  const { mp4, webm } = await clipFixtures()
  clip = (mp4 ?? webm)!.path
  box = await startBox()
  server = await serveWith([`studio=${box.url}`])
  app = await openApp(server.origin, '/generate')
})
afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
  await box?.close()
})

const button = (name: string | RegExp) =>
  app.page.getByRole('button', { name, exact: typeof name === 'string' })
const state = () => stateOf(app.page)

test('before anything is there, the page says how to begin, and nothing can be sent', async () => {
  await app.page.getByRole('heading', { name: 'Your result appears here' }).waitFor()
  expect(await button('Generate').isDisabled()).toBe(true)
})

test('a sentence is routed while it is typed: workflow, model, why, and where', async () => {
  await ask(app.page, clip)
  const chosen = app.page.locator('.chosen-card')
  await chosen.getByText('Move like the video').waitFor()
  expect(await chosen.textContent()).toMatch(/Wan 2\.2 Animate.*“/) // the words that decided
  await app.page.getByText('Ready on studio').waitFor()
  expect(await app.page.locator('.go-note').textContent()).toContain('leave this device')
  await expect.poll(() => button('Generate').isEnabled()).toBe(true)
})

test('another way to understand it can be chosen, and taken back', async () => {
  const others = app.page
    .getByRole('radio', { name: /./, checked: false })
    .and(app.page.locator('[name=workflow]'))
  await others.first().check()
  await app.page.getByText('You chose it.').waitFor()
  await app.page.getByRole('combobox', { name: 'Workflow' }).selectOption({ label: 'As the sentence says' })
  await app.page.locator('.chosen-card').getByText('Move like the video').waitFor()
})

test('a value out of range is named, and nothing is sent with it', async () => {
  const length = app.page.getByRole('spinbutton', { name: 'Length' })
  await length.fill('4000')
  await expect.poll(() => button('Generate').isDisabled()).toBe(true)
  expect(await app.page.locator('.go-note').textContent()).toContain('Length')
  await button('Reset Length').click()
  await expect.poll(() => button('Generate').isEnabled()).toBe(true)
})

describe('a job', () => {
  test('is sent, runs, and shows progress and a preview', async () => {
    box.behaviour.stepMs = 150
    await button('Generate').click()
    await expect.poll(state).toBe('Running on studio')
    await app.page.getByAltText('Preview of the result so far').waitFor()
    const held = box.hold()
    try {
      await expect.poll(() => app.page.locator('.strip-progress').textContent()).toMatch(/\d %/)
      await app.page.reload()
      await expect.poll(state).toBe('Running on studio')
      expect(await app.page.getByLabel('What should happen?').inputValue()).toBe(SENTENCE)
      await app.page.getByText('hero.png').waitFor() // the files are still there, too
    } finally {
      box.behaviour.stepMs = 2
      held.release()
    }
    await expect.poll(state).toBe('Done')
    expect(box.ran).toHaveLength(1)
  })

  test('is played, compared with the video it came from, and downloaded', async () => {
    const result = await playing(app.page, '.player-result')
    expect(result).toMatchObject({ width: 320, height: 240 })
    const handle = app.page.getByRole('slider', { name: 'Before and after' })
    await handle.focus()
    await app.page.keyboard.press('ArrowRight')
    expect(await handle.getAttribute('aria-valuenow')).toBe('52')
    const apart = await app.page.locator('.player').evaluate((player) => {
      const [after, before] = player.querySelectorAll('video')
      return Math.abs(after!.currentTime - before!.currentTime)
    })
    expect(apart).toBeLessThan(0.5)
    const [download] = await Promise.all([
      app.page.waitForEvent('download'),
      app.page.locator('.strip').getByRole('link', { name: 'Download' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/\.mp4$/)
    expect(readFileSync(await download.path()).equals(readFileSync(clip))).toBe(true) // the stand-in hands back what it got
  })

  test('is kept in the library', async () => {
    await button('Keep it in the library').click()
    await app.page.getByRole('link', { name: 'Library' }).click()
    await app.page.locator('.library').getByText(SENTENCE).waitFor()
    await app.page.getByRole('link', { name: 'Generate' }).click()
  })

  test('is on the phone as well, and plays there', async () => {
    await using phone = await openApp(server.origin, '/jobs', PHONE)
    const job = phone.page.getByRole('article', { name: SENTENCE })
    await job.getByText('Done').waitFor()
    await job.getByRole('button', { name: `Play ${SENTENCE}` }).click()
    expect(await playing(phone.page, 'dialog .player-result')).toMatchObject({ width: 320 })
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    for (const name of ['Close', 'Play', 'Pause'])
      for (const one of await phone.page.getByRole('dialog').getByRole('button', { name, exact: true }).all())
        expect((await one.boundingBox())!.height, name).toBeGreaterThanOrEqual(44)
    expect(phone.problems).toEqual([])
  })

  test('is made again from another seed, and cancelled on the box too', async () => {
    const held = box.hold()
    await button('Another seed').click()
    await expect.poll(state).toBe('Running on studio')
    await app.page.locator('.strip').getByRole('button', { name: 'Cancel' }).click()
    box.behaviour.stepMs = 1000 // what it is asked to end must not be done before it hears of it
    held.release()
    await expect.poll(state).toBe('Cancelled')
    await expect.poll(() => box.ran[1]?.outcome).toMatch(/interrupted|deleted/)
    box.behaviour.stepMs = 2
    const seeds = box.ran.map(({ graph }) => JSON.stringify(graph).match(/"seed":(\d+)/)?.[1])
    expect(seeds[1]).not.toBe(seeds[0])
  })

  test('that fails says why in a sentence, and runs when it is tried again', async () => {
    box.behaviour.failing.set('KSampler', 'CUDA out of memory')
    await button('Try again').click()
    await expect.poll(state).toBe('Failed')
    const alert = app.page.locator('.output [role=alert]')
    expect((await alert.textContent())!.length).toBeGreaterThan(30)
    expect(await alert.textContent()).not.toMatch(/Traceback|\/srv\//)
    box.behaviour.failing.clear()
    await button('Try again').click()
    await expect.poll(state).toBe('Done')
  })
})

test('a large file goes in parts, and goes on where a broken connection stopped it', async (context) => {
  if (!clip.endsWith('.mp4')) return context.skip('Only an MP4 can be made large at no cost.')
  const free = Buffer.alloc(20 * 2 ** 20) // a box of MP4 that means nothing
  free.writeUInt32BE(free.length)
  free.write('free', 4)
  const buffer = Buffer.concat([readFileSync(clip), free])
  const [chooser] = await Promise.all([
    app.page.waitForEvent('filechooser'),
    button(/^Choose another for mp4/).click(),
  ])
  await chooser.setFiles({ name: 'large.mp4', mimeType: 'video/mp4', buffer })
  let parts = 0
  await app.page.route('**/api/upload/tus/*', (route) =>
    route.request().method() === 'PATCH' && ++parts === 2 ? route.abort() : route.continue(),
  )
  const before = box.ran.length
  await button('Generate').click()
  await expect.poll(() => box.ran.length, { timeout: 60_000 }).toBe(before + 1)
  await expect.poll(state).toBe('Done')
  expect(parts).toBe(3)
})

test('without a server the page says so, and the rest of the app goes on', async () => {
  await server.stop()
  await app.page.getByText('The server does not answer.').first().waitFor()
  await app.page.getByRole('link', { name: 'Clip' }).click()
  await app.page.getByRole('main').waitFor()
})
