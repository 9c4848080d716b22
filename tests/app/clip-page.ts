/** The clip page as a person uses it, for app tests. */
import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import type { Page } from 'playwright'
import { type LaunchedApp, launchApp } from '../browser/launch'
import { studioReady } from './studio-page'

const TYPES: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
}

/** The clip page with consent given and the demo characters in the tray. */
export async function openClipPage(viewport = { width: 1440, height: 900 }): Promise<LaunchedApp> {
  const app = await launchApp({ path: '/clip', context: { viewport } })
  app.page.setDefaultTimeout(100_000) // other work on this machine must not fail a test
  await app.page.getByRole('checkbox', { name: /permission/ }).check()
  await app.page.getByRole('button', { name: 'Continue' }).click()
  await studioReady(app.page)
  return app
}

export interface Dropped {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}

export const fileAt = (path: string): Dropped => ({
  name: basename(path),
  type: TYPES[extname(path)] ?? '',
  bytes: readFileSync(path),
})

/** Lets files go over an element, as a drag from the desktop ends. */
export async function drop(page: Page, files: readonly Dropped[], selector: string): Promise<void> {
  const sent = files.map(({ bytes, ...file }) => ({ ...file, base64: bytes.toString('base64') }))
  await page.evaluate(
    ([list, where]) => {
      const dataTransfer = new DataTransfer()
      for (const { name, type, base64 } of list) {
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
        dataTransfer.items.add(new File([bytes], name, { type }))
      }
      const init = { dataTransfer, bubbles: true, cancelable: true }
      const target = document.querySelector(where)
      target?.dispatchEvent(new DragEvent('dragenter', init))
      target?.dispatchEvent(new DragEvent('drop', init))
    },
    [sent, selector] as const,
  )
}

/** Drops a clip on the stage and waits until it is open. */
export async function dropClip(page: Page, path: string): Promise<void> {
  await drop(page, [fileAt(path)], '.clip .stage')
  await page.locator('.clip-name', { hasText: basename(path) }).waitFor()
  await page.getByRole('slider', { name: 'Playhead' }).waitFor()
}

/** Presses Swap and waits for the end of that job; gives its id. */
export async function swap(page: Page): Promise<string> {
  const before = await page.evaluate(async () =>
    (await globalThis.understudy!.clips.jobs()).map(({ id }) => id),
  )
  await page.getByRole('button', { name: 'Swap', exact: true }).click()
  return page.evaluate(async (known) => {
    const { clips } = globalThis.understudy!
    for (;;) {
      const job = (await clips.jobs()).find(({ id }) => !known.includes(id))
      if (job) {
        const { id, state } = await clips.waitFor(job.id)
        if (state.name !== 'done') throw new Error(`The job ended as ${JSON.stringify(state)}`)
        return id
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }, before)
}

/** What a job made, as the browser plays it. */
export const played = (page: Page, jobId: string) =>
  page.evaluate(async (id) => {
    const file = await globalThis.understudy!.clips.result(id)
    const video = document.createElement('video')
    video.muted = true
    video.src = URL.createObjectURL(file)
    await video.play()
    await new Promise((resolve) => video.addEventListener('ended', resolve, { once: true }))
    const { duration, videoWidth: width, videoHeight: height } = video
    return { name: file.name, type: file.type, duration, width, height }
  }, jobId)

/** Mean absolute difference per channel, 0..255, between a moment of the result and the same moment of the clip, in two parts of the picture. */
export async function changed(page: Page, jobId: string, path: string, timeS: number, offsetS = 0) {
  const original = fileAt(path)
  return page.evaluate(
    async ([id, base64, type, at, offset]) => {
      const pixelsAt = async (file: Blob, seconds: number) => {
        const video = document.createElement('video')
        video.muted = true
        video.src = URL.createObjectURL(file)
        await new Promise((resolve) => video.addEventListener('loadeddata', resolve, { once: true }))
        video.currentTime = seconds
        await new Promise((resolve) => video.requestVideoFrameCallback(resolve))
        const { videoWidth: width, videoHeight: height } = video
        const context = new OffscreenCanvas(width, height).getContext('2d')!
        context.drawImage(video, 0, 0)
        return context.getImageData(0, 0, width, height)
      }
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
      const before = await pixelsAt(new Blob([bytes], { type }), at)
      const after = await pixelsAt(await globalThis.understudy!.clips.result(id), at - offset)
      const { width, height } = before
      const mean = (isIn: (x: number, y: number) => boolean) => {
        let [sum, count] = [0, 0]
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            if (!isIn(x / width, y / height)) continue
            for (let c = 0; c < 3; c++) {
              const i = 4 * (y * width + x) + c
              sum += Math.abs(before.data[i]! - after.data[i]!)
            }
            count += 3
          }
        return sum / count
      }
      return {
        // The talking head's cheeks and nose are always here, and its background always there.
        face: mean((x, y) => x > 0.42 && x < 0.58 && y > 0.4 && y < 0.6),
        around: mean((x, y) => x < 0.2 && y < 0.5),
      }
    },
    [jobId, original.bytes.toString('base64'), original.type, timeS, offsetS] as const,
  )
}
