/** The built app in Chromium with a fake camera: what a person would get, in numbers. */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Page } from 'playwright'
import { drawWith } from '../tests/app/studio-page'
import { type LaunchedApp, launchApp } from '../tests/browser/launch'
import { initialScripts } from '../tests/initial-scripts'
import { clipCamera } from '../tests/media/clips'
import { ensureFakeCamera } from '../tests/media/fake-camera'
import type { Automation } from '../web/studio/automation'
import type { BenchOptions } from './options'

const root = resolve(import.meta.dirname, '..')
const media = resolve(root, '../shared/media')
/** Numbers count after this: the first seconds hold compiling and the page's own start. */
const SETTLE_MS = 4000

export async function benchLive({ camera, source, seconds }: BenchOptions): Promise<object> {
  const usual = resolve(media, 'portrait_man_b_lp_d8.jpg')
  const picture = source ? resolve(source) : existsSync(usual) ? usual : undefined
  const file = await cameraFile(camera)
  await using app = await launchApp({
    camera: file,
    prepare: async (page) => {
      await page.addInitScript(countLongTasks)
    },
  })
  const firstSwapMs = await firstSwap(app.page, picture)
  const main = await measure(app, seconds)
  const used = main.compositor
  const other = used === 'cpu' ? 'webgpu' : 'cpu'
  await drawWith(app.page, other)
  const again = await firstSwap(app.page, undefined)
  const second = await measure(app, Math.min(seconds, 10))
  const initialJsGzKB =
    initialScripts(resolve(root, 'dist/web')).reduce((sum, { gzippedBytes }) => sum + gzippedBytes, 0) / 1000
  return {
    bench: 'live',
    camera: camera ?? 'usual',
    ...main,
    firstSwapMs,
    firstSwapAgainMs: again,
    initialJsGzKB,
    other: second.compositor === other ? second : { compositor: other, unavailable: true },
    problems: app.problems,
  }
}

/** A clip as Chromium's camera plays it; the synthetic head where there is none. */
async function cameraFile(camera: string | undefined): Promise<string> {
  const clip = camera ? resolve(camera) : resolve(media, 'clip_woman_c_lp_s18.mp4')
  if (camera && /\.(y4m|mjpeg)$/.test(camera)) return clip
  const converted = existsSync(clip) ? clipCamera(clip, 640, 480) : undefined
  if (camera && !converted) throw new Error(`${camera} is not there, or ffmpeg is not there to convert it.`)
  return converted ?? ensureFakeCamera()
}

/** From the start of the page to the first swapped frame: consent and, unless it is there already, the picture included. */
async function firstSwap(page: Page, picture: string | undefined): Promise<number> {
  await page.waitForFunction(() => globalThis.understudy)
  const bytes = picture === undefined ? undefined : readFileSync(picture).toString('base64')
  const started = page.evaluate(async (base64) => {
    const studio = globalThis.understudy
    if (!studio) throw new Error('The page has no scripting handle.')
    studio.setSettings({ size: '640x480', rate: '30' })
    const starting = studio.start('camera')
    if (base64 !== undefined) {
      const raw = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
      await studio.addSource(new Blob([raw]), 'Bench')
    }
    await starting
  }, bytes)
  const question = page.getByRole('checkbox', { name: /permission/ })
  if ((await page.evaluate(() => globalThis.understudy?.settings().consentedAt)) === '') {
    await question.check()
    await page.getByRole('button', { name: 'Continue' }).click()
  }
  await started
  const swapped = await page.waitForFunction(() => globalThis.understudy?.firstSwapMs(), undefined, {
    timeout: 30_000,
  })
  return (await swapped.jsonValue()) ?? Number.NaN
}

async function measure({ page }: LaunchedApp, seconds: number) {
  await page.waitForTimeout(SETTLE_MS)
  const start = await numbers(page)
  const heapAtStart = heapMB(page)
  await page.waitForTimeout(seconds * 1000)
  const end = await numbers(page)
  const { stats, capabilities } = end
  const shown = stats.shown - start.stats.shown
  const elapsed = (end.atMs - start.atMs) / 1000
  return {
    seconds: elapsed,
    fps: shown / elapsed,
    dropped: stats.dropped - start.stats.dropped,
    latencyMs: stats.latencyMs,
    stages: stats.stages,
    longTasks: end.longTasks - start.longTasks,
    copiesPerFrame: stats.copiesPerFrame,
    heapMB: { start: await heapAtStart, end: await heapMB(page) },
    compositor: stats.compositor,
    compositorMs: capabilities.compositorMs,
    providers: Object.fromEntries(capabilities.models.map(({ id, provider }) => [id, provider])),
    modelMs: Object.fromEntries(capabilities.models.map(({ id, measuredMs }) => [id, measuredMs])),
    threads: capabilities.threads,
    adapter: capabilities.webgpu ?? null,
  }
}

/** Of the page and its threads. The browser answers when it has collected garbage, which may take a minute. */
const heapMB = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const { bytes } = (await performance.measureUserAgentSpecificMemory?.()) ?? { bytes: Number.NaN }
    return bytes / 2 ** 20
  })

const numbers = (page: Page) =>
  page.evaluate(() => {
    const stats = globalThis.understudy?.stats()
    const capabilities = globalThis.understudy?.capabilities()
    if (!stats || !capabilities) throw new Error('Nothing is running.')
    return {
      atMs: performance.now(),
      stats,
      capabilities,
      longTasks: globalThis.longTasks ?? 0,
    }
  })

declare global {
  interface Performance {
    /** Chromium only, and only in isolated pages. */
    measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }>
  }
  var longTasks: number | undefined
  var understudy: Automation | undefined
}

function countLongTasks(): void {
  globalThis.longTasks = 0
  new PerformanceObserver((list) => {
    globalThis.longTasks = (globalThis.longTasks ?? 0) + list.getEntries().length
  }).observe({ type: 'longtask', buffered: true })
}
