/** The clean picture in another program on this machine: another browser receives what the studio page shows. */
import { expect, test } from 'vitest'
import { launchApp } from '../browser/launch'
import { startCamera } from './studio-page'

test('the output page in another browser shows the moving picture, and nothing else', async () => {
  await using studio = await launchApp()
  await startCamera(studio.page)
  await studio.page.evaluate(() => {
    globalThis.understudy!.setSettings({ isOutputShared: true, outputRoom: 'room-of-the-test' })
  })

  await using other = await launchApp({ origin: studio.origin, path: '/output?room=room-of-the-test' })
  const { page } = other
  await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
  expect(await page.evaluate(() => document.querySelectorAll('button, input, a').length)).toBe(0)
  const look = () =>
    page.evaluate(() => {
      const canvas = new OffscreenCanvas(64, 48)
      const context = canvas.getContext('2d')!
      context.drawImage(document.querySelector('video')!, 0, 0, 64, 48)
      return [...context.getImageData(0, 0, 64, 48).data]
    })
  // A connection opens with black frames on a busy machine: a picture is what is not one flat colour.
  await expect.poll(async () => new Set(await look()).size).toBeGreaterThan(10)
  const first = await look()
  await expect
    .poll(async () => (await look()).some((value, i) => Math.abs(value - first[i]!) > 40))
    .toBe(true)

  await studio.page.close()
  await page.getByText('Understudy was closed').waitFor()
  expect([...studio.problems, ...other.problems]).toEqual([])
})
