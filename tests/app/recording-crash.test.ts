/** The page dies while it records, five times, at seeded moments and in three ways: what is left, and how it is offered. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chromiumFlags, ensureChromium } from '../browser/chromium'
import { type Served, serveBuilt } from '../browser/serve'
import { ensureFakeCamera } from '../media/fake-camera'
import { fileOf, readRecording, stepsOf } from './recorded'
import { startCamera, studioReady, useCharacter } from './studio-page'

/** A disk and a profile that outlive the browser. */
let profile: string
let server: Served
let context: BrowserContext

const launch = () =>
  chromium.launchPersistentContext(profile, {
    executablePath: ensureChromium(),
    args: chromiumFlags(ensureFakeCamera()),
    viewport: { width: 1440, height: 900 },
  })

beforeAll(async () => {
  profile = mkdtempSync(join(tmpdir(), 'understudy-'))
  server = await serveBuilt()
  context = await launch()
})
afterAll(async () => {
  await context?.close()
  await server?.stop()
  rmSync(profile, { recursive: true, force: true })
})

async function openPage(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(server.origin)
  await studioReady(page)
  return page
}

type Way = 'close' | 'crash' | 'kill'

async function end(page: Page, way: Way): Promise<void> {
  if (way === 'close') await page.close()
  else if (way === 'crash') {
    const session = await context.newCDPSession(page)
    const crashed = new Promise((resolve) => page.once('crash', resolve))
    void session.send('Page.crash').catch(() => undefined)
    await crashed
    await page.close()
  } else {
    // The whole browser, without a chance to say goodbye.
    const session = await context.browser()!.newBrowserCDPSession()
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const closed = new Promise((resolve) => context.once('close', resolve))
    process.kill(processInfo.find(({ type }) => type === 'browser')!.id, 'SIGKILL')
    await closed
    context = await launch()
  }
}

/** Starts to record; resolves with when the recording's second 0 was, in milliseconds since 1970. */
async function record(page: Page, settings: object): Promise<number> {
  return page.evaluate(async (changes) => {
    const studio = globalThis.understudy!
    studio.setSettings(changes)
    await studio.record()
    let zeroMs = Number.POSITIVE_INFINITY
    // Progress is told now and then: the least delay tells when it began.
    for (let seen = 0, last = -1; seen < 4; ) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      const phase = studio.recording()
      if (phase.name !== 'recording' || phase.elapsedS === last) continue
      last = phase.elapsedS
      zeroMs = Math.min(zeroMs, Date.now() - phase.elapsedS * 1000)
      seen++
    }
    return zeroMs
  }, settings)
}

/** Numerical Recipes' generator: 0..1. */
function* seeded(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state / 2 ** 32
  }
}

const random = seeded(20_261_120)
const cases = (['close', 'crash', 'kill', 'crash', 'close'] as const).map((way, i) => ({
  way,
  recordingFormat: i % 2 === 0 ? ('mp4' as const) : ('webm' as const),
  isMicrophoneOn: i !== 1,
  afterMs: Math.round(500 + 3000 * random.next().value),
}))

test.each(cases)(
  '$recordingFormat, $way after $afterMs ms more: at most a second is lost',
  async ({ way, afterMs, ...settings }) => {
    const page = await openPage()
    await startCamera(page)
    await useCharacter(page, 0)
    const zeroMs = await record(page, settings)
    await page.waitForTimeout(afterMs)
    const recordedS = (Date.now() - zeroMs) / 1000
    await end(page, way)

    const next = await openPage()
    await next.getByText('A recording was interrupted').waitFor()
    const [left] = await next.evaluate(() => globalThis.understudy!.interruptedRecordings())
    expect(left!.state).toBe('interrupted')
    expect(recordedS - left!.durationS!, `of ${recordedS} s`).toBeLessThan(1)
    await next.locator('.toast').getByRole('button', { name: 'Keep' }).click()
    await next.getByText('Recording kept').waitFor()
    expect(await next.evaluate(() => globalThis.understudy!.interruptedRecordings())).toEqual([])

    const recorded = await readRecording(await fileOf(next, left!.id))
    expect(recorded.container).toBe(settings.recordingFormat === 'mp4' ? 'MP4' : 'WebM')
    expect(recorded.durationS).toBeCloseTo(left!.durationS!, 0)
    expect(stepsOf(recorded.video.times).shortest).toBeGreaterThan(0)
    expect(recorded.audio !== undefined).toBe(settings.isMicrophoneOn)
    await next.close()
  },
)
