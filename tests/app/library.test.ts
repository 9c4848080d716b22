/** The library page as a person uses it, on real files in the browser's own storage. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LaunchedApp, launchApp } from '../browser/launch'
import { addToLibrary, filesOnDisk, type Sample } from './library-page'

let app: LaunchedApp
let page: Page

declare global {
  var sharedFiles: { readonly name: string; readonly type: string; readonly size: number }[]
}

const card = (name: string) => page.locator('.card', { hasText: name })
const names = () => page.locator('.card .item-name').allTextContents()
const answer = async () => {
  await page.getByRole('checkbox', { name: /permission/ }).check()
  await page.getByRole('button', { name: 'Continue' }).click()
}

const SAMPLES: readonly Sample[] = [
  { id: 'video', name: 'Take 1: “live”', kind: 'recording', make: 'video', minutesAgo: 0 },
  { id: 'still', name: 'Portrait', kind: 'still', make: 'picture', minutesAgo: 1 },
  { id: 'other', name: 'Second clip', kind: 'clip', make: 'video', minutesAgo: 2 },
]

beforeAll(async () => {
  app = await launchApp({
    path: '/library',
    prepare: (page) =>
      page.addInitScript(() => {
        // The system's dialogs, which no test can answer. Without them browsers download by a link.
        Object.assign(window, { showSaveFilePicker: undefined, showDirectoryPicker: undefined })
        globalThis.sharedFiles = []
        Object.assign(navigator, {
          canShare: ({ files = [] }: ShareData) => files.every(({ type }) => /^(video|image)\//.test(type)),
          share: async ({ files = [] }: ShareData) => {
            globalThis.sharedFiles.push(...files.map(({ name, type, size }) => ({ name, type, size })))
          },
        })
      }),
  })
  page = app.page
  await answer()
})

afterAll(() => app?.[Symbol.asyncDispose]())

test('the empty library teaches the next step', async () => {
  await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  await page.getByRole('button', { name: 'Record in Live' }).waitFor()
})

test('what other threads add appears at once, with thumbnail and duration', async () => {
  for (const sample of SAMPLES) await addToLibrary(page, sample)
  await expect.poll(names).toEqual(['Take 1: “live”', 'Portrait', 'Second clip'])
  await expect.poll(() => page.locator('.card img').count()).toBe(3)
  await expect.poll(() => card('Second clip').locator('.card-duration').textContent()).toMatch(/^0:0\d$/) // as long as the busy machine made it
  await page.getByRole('radio', { name: 'Clips' }).check()
  expect(await names()).toEqual(['Second clip'])
  await page.getByRole('radio', { name: 'All' }).check()
  await page.getByRole('combobox', { name: 'Order' }).selectOption('name')
  expect(await names()).toEqual(['Portrait', 'Second clip', 'Take 1: “live”'])
  await page.getByRole('combobox', { name: 'Order' }).selectOption('newest')
})

test('plays in the viewer; arrows go on, Escape leaves and gives the focus back', async () => {
  await page.getByRole('button', { name: 'Play Take 1: “live”' }).click()
  const viewer = page.getByRole('dialog')
  await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.1)
  await page.keyboard.press('ArrowRight')
  await viewer.getByRole('img', { name: 'Portrait' }).waitFor()
  expect(await page.locator('dialog video').count()).toBe(0)
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0)
  await page.keyboard.press('ArrowRight') // there is no further one
  await page.keyboard.press('ArrowLeft')
  await viewer.getByRole('img', { name: 'Portrait' }).waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('dialog[open]').count()).toBe(0)
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
    /^Play Take 1/,
  )
})

test('a page that is left takes its viewer with it', async () => {
  await page.getByRole('link', { name: 'Live' }).click()
  await page.getByRole('link', { name: 'Library' }).click()
  await page.getByRole('button', { name: 'Look at Portrait' }).click()
  await page.getByRole('dialog').waitFor()
  await page.goBack()
  await expect.poll(() => page.locator('dialog[open]').count()).toBe(0)
  await page.goForward()
  await page.getByRole('button', { name: 'Look at Portrait' }).waitFor()
})

test('is renamed where it stands; Escape keeps the old name', async () => {
  const rename = async (name: string, key: string) => {
    await card('Portrait')
      .getByRole('button', { name: /^More for/ })
      .click()
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill(name)
    await page.keyboard.press(key)
  }
  await rename('Not this', 'Escape')
  expect(await names()).toContain('Portrait')
  await rename('Portrait <2>', 'Enter')
  await expect.poll(names).toContain('Portrait <2>')
  await page.reload()
  await expect.poll(names).toContain('Portrait <2>')
})

describe('leaves the library', () => {
  test('by a download, under a safe name, byte for byte', async () => {
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download Take 1: “live”' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('Take 1- “live”.webm')
    const bytes = await readFile(await download.path())
    expect(bytes.length).toBe((await filesOnDisk(page)).video)
    expect([...bytes.subarray(0, 4)]).toEqual([0x1a, 0x45, 0xdf, 0xa3])
  })

  test('several at once', async () => {
    const downloads: string[] = []
    page.on('download', (download) => downloads.push(download.suggestedFilename()))
    await page.getByRole('button', { name: 'Select several' }).click()
    await page.getByRole('toolbar', { name: 'Selection' }).getByRole('button', { name: 'All' }).click()
    await page.getByText('3 selected').waitFor()
    await page.getByRole('checkbox', { name: 'Select Second clip' }).uncheck()
    await page.getByRole('toolbar', { name: 'Selection' }).getByRole('button', { name: 'Download' }).click()
    await expect.poll(() => downloads.toSorted()).toEqual(['Portrait -2-.png', 'Take 1- “live”.webm'])
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('toolbar', { name: 'Selection' }).count()).toBe(0)
  })

  test('into a file that the person chose, streamed', async () => {
    await page.evaluate(() => {
      const showSaveFilePicker = async ({ suggestedName }: { suggestedName: string }) =>
        (await navigator.storage.getDirectory()).getFileHandle(`chosen ${suggestedName}`, { create: true })
      Object.assign(window, { showSaveFilePicker })
    })
    await page.getByRole('button', { name: 'Download Second clip' }).click()
    await page.locator('.toast', { hasText: 'Second clip.webm' }).waitFor()
    const size = await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory()
      const size = (await (await root.getFileHandle('chosen Second clip.webm')).getFile()).size
      await root.removeEntry('chosen Second clip.webm')
      return size
    })
    expect(size).toBe((await filesOnDisk(page)).other)
  })

  test('to another app, named and typed', async () => {
    await card('Take 1')
      .getByRole('button', { name: /^More for/ })
      .click()
    await page.getByRole('button', { name: 'Share' }).click()
    await expect
      .poll(() => page.evaluate(() => globalThis.sharedFiles))
      .toEqual([{ name: 'Take 1- “live”.webm', type: 'video/webm', size: (await filesOnDisk(page)).video }])
  })

  test('where no app takes files, the reason is said', async () => {
    await page.evaluate(() => Object.assign(navigator, { canShare: undefined }))
    await card('Take 1')
      .getByRole('button', { name: /^More for/ })
      .click()
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByText('This browser cannot hand files to other apps').waitFor()
  })
})

describe('deleting', () => {
  test('can be undone', async () => {
    await card('Second clip')
      .getByRole('button', { name: /^More for/ })
      .click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await expect.poll(names).not.toContain('Second clip')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(names).toContain('Second clip')
  })

  test('in the viewer goes on to the next', async () => {
    await page.getByRole('button', { name: 'Look at Portrait <2>' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog', { name: 'Second clip' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(names).toEqual(['Take 1: “live”', 'Second clip'])
  })

  test('is for good, even when the page is loaded anew at once', async () => {
    await page.reload()
    await expect.poll(names).toEqual(['Take 1: “live”', 'Second clip'])
  })
})

test('a recording that broke off waits for an answer', async () => {
  for (const id of ['tape', 'scrap'])
    await addToLibrary(page, {
      id,
      name: `Cut off ${id}`,
      kind: 'recording',
      make: 'video',
      state: 'recording',
    })
  const tape = page.getByRole('region', { name: 'Interrupted: Cut off tape' })
  await tape.getByRole('button', { name: 'Keep' }).click()
  await expect.poll(names).toContain('Cut off tape')
  await page
    .getByRole('region', { name: /Cut off scrap/ })
    .getByRole('button', { name: 'Delete' })
    .click()
  await expect.poll(() => page.getByRole('region', { name: /Interrupted/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Play Cut off tape' }).click()
  await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.1)
  await page.keyboard.press('Escape')
})

test('storage is counted and can be kept for good, in words', async () => {
  const meter = page.getByRole('meter', { name: 'Storage used' })
  await expect.poll(() => meter.getAttribute('value')).toMatch(/^0?\.?\d/)
  await page.getByRole('button', { name: 'Keep for good' }).click()
  await page.getByText(/It can promise never to do/).waitFor()
  await page.keyboard.press('Escape')
})

test('everything is erased, in every window, and nothing comes back', async () => {
  const other = await app.context.newPage()
  await other.goto(app.origin)
  await other.waitForFunction(() => (globalThis.understudy?.sources().length ?? 0) > 0)
  // It records: a thread holds a file open, and goes on while another page is shown.
  await other.evaluate(async () => {
    globalThis.understudy!.setSettings({ isMicrophoneOn: false })
    await globalThis.understudy!.start('demo')
  })
  await other.waitForFunction(() => (globalThis.understudy!.stats()?.shown ?? 0) > 0)
  await other.evaluate(() => globalThis.understudy!.record())
  await other.getByRole('link', { name: 'Library' }).click()
  await other.getByText('Being recorded').waitFor()
  expect(await other.evaluate(() => globalThis.understudy!.phase())).toBe('live')
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Delete everything stored here' }).click()
  const reloads = [page.waitForEvent('load'), other.waitForEvent('load')]
  await page.getByRole('button', { name: 'Delete everything', exact: true }).click()
  await Promise.all(reloads)
  await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  await page.getByRole('checkbox', { name: /permission/ }).waitFor() // consent is asked anew
  expect(await filesOnDisk(page)).toEqual({})
  await other.getByRole('checkbox', { name: /permission/ }).waitFor()
  expect(await page.evaluate(() => globalThis.understudy!.settings().consentedAt)).toBe('')
  expect(app.problems).toEqual([])
})
