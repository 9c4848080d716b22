/** The list of jobs: live, filtered, emptied; and what waits while there is no box. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LaunchedApp } from '../browser/launch'
import type { Served } from '../browser/serve'
import type { StandIn } from '../comfy/stand-in'
import { clipFixtures } from '../media/clip-fixtures'
import { ask, openApp, PHONE, SENTENCE, serveWith, startBox, stateOf } from './generate-page'

let box: StandIn
let server: Served
let app: LaunchedApp
let phone: LaunchedApp

beforeAll(async () => {
  box = await startBox()
  await box.kill() // the box is configured, and off
  server = await serveWith([`studio=${box.url}`])
  ;[app, phone] = await Promise.all([
    openApp(server.origin, '/generate'),
    openApp(server.origin, '/jobs', PHONE),
  ])
})
afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await phone?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
  await box?.close()
})

const job = () => phone.page.getByRole('article', { name: SENTENCE })

test('an empty list teaches the next step', async () => {
  await phone.page.getByRole('heading', { name: 'No jobs yet' }).waitFor()
  await phone.page.getByRole('main').getByRole('button', { name: 'Generate' }).waitFor()
})

test('with no box the page says so and what runs here; a job waits, seen on the phone at once', async () => {
  await app.page.getByRole('heading', { name: 'No GPU box answers' }).waitFor()
  await app.page.getByRole('button', { name: 'Swap only the face, here' }).waitFor()
  const { mp4, webm } = await clipFixtures()
  await ask(app.page, (mp4 ?? webm)!.path)
  await app.page.getByText('the job waits for one').waitFor()
  await app.page.getByRole('button', { name: 'Generate', exact: true }).click()
  await expect.poll(() => stateOf(app.page)).toBe('Waiting')
  await job().getByText('Waiting', { exact: true }).waitFor()
  expect((await job().locator('.job-reason').textContent())!.length).toBeGreaterThan(10)
})

test('the tab says that there is work, and the filters tell it apart', async () => {
  await phone.page.getByRole('link', { name: /Generate/ }).click()
  await phone.page.locator('.tab', { hasText: 'Jobs' }).locator('.tab-dot').waitFor()
  await phone.page.getByRole('link', { name: /Jobs/ }).click()
  const show = phone.page.getByRole('combobox', { name: 'Show' })
  await show.selectOption({ label: 'Done' })
  await phone.page.getByText('There are none of this kind.').waitFor()
  await show.selectOption({ label: 'Active' })
  await job().waitFor()
  await show.selectOption({ label: 'All' })
})

test('when the box appears the job runs by itself, and its end is told elsewhere', async () => {
  await app.page.getByRole('link', { name: 'Live' }).click()
  await box.restart()
  await job().getByText('Done').waitFor()
  await app.page.getByText('Your video is ready').waitFor()
  expect(box.ran).toHaveLength(1)
})

test('a deleted job can be brought back; one that was not is gone everywhere', async () => {
  const remove = phone.page.getByRole('button', { name: `Delete ${SENTENCE}` })
  await remove.click()
  await expect.poll(() => job().count()).toBe(0)
  await phone.page.getByRole('button', { name: 'Undo' }).click()
  await job().waitFor()
  await remove.click()
  const left = async () => {
    const response = await fetch(`${server.origin}/api/jobs`)
    return ((await response.json()) as { jobs: unknown[] }).jobs.length
  }
  await expect.poll(left).toBe(0)
  await phone.page.reload()
  await phone.page.getByRole('heading', { name: 'No jobs yet' }).waitFor()
})

test('a box that lacks something takes no job, and what it lacks is named with how to get it', async () => {
  box.hide({ nodes: ['WanAnimateToVideo'] })
  await fetch(`${server.origin}/api/boxes/look`, { method: 'POST' }) // it would see it by itself, minutes later
  await app.page.getByRole('link', { name: 'Generate' }).click()
  const ready = app.page.locator('.ready')
  await ready.locator('.missing').waitFor()
  expect(await ready.textContent()).toMatch(/WanAnimateToVideo.{20}/)
  await app.page.getByRole('button', { name: 'Generate', exact: true }).click()
  const missing = job().locator('.job-missing')
  await missing.locator('summary').click()
  expect(await missing.textContent()).toContain('WanAnimateToVideo')
  expect(box.ran).toHaveLength(1)
})

test('the five tabs have room for a finger', async () => {
  for (const name of ['Live', 'Clip', 'Generate', 'Jobs', 'Library']) {
    const tab = (await phone.page.locator('.tab', { hasText: name }).boundingBox())!
    expect(tab.width, name).toBeGreaterThanOrEqual(44)
    expect(tab.height, name).toBeGreaterThanOrEqual(44)
    expect(tab.x + tab.width).toBeLessThanOrEqual(390)
  }
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})
