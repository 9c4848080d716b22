/**
 * A whole clip through the built app, as a person would send it: speed, memory, and the same clip by an all-ffmpeg.wasm
 * frame path (decode everything, swap, encode everything) in the same run.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, resolve } from 'node:path'
import { chromium, type Page } from 'playwright'
import { studioReady } from '../tests/app/studio-page'
import { chromiumFlags, ensureChromium } from '../tests/browser/chromium'
import { serveBuilt } from '../tests/browser/serve'
import { openSourcePage } from '../tests/browser/source-page'
import { clipFixtures } from '../tests/media/clip-fixtures'
import { ensureFakeCamera } from '../tests/media/fake-camera'
import { watchMemory } from './memory'
import type { BenchOptions } from './options'

const root = resolve(import.meta.dirname, '..')
/** Every frame lies uncompressed in storage on the other path, so it gets the clip's beginning only. */
const OTHER_FRAMES = 150

export async function benchClip({ input, source, seconds, minutes }: BenchOptions): Promise<object> {
  const clip = input ? resolve(input) : await headClip(seconds)
  const picture = source ? resolve(source) : undefined
  const main = await swapInApp(clip, picture)
  const other = await ffmpegPath(clip, picture)
  const long = minutes > 0 ? await compareLengths(minutes, picture) : undefined
  return {
    bench: 'clip',
    input: input ?? `talking head, ${seconds} s`,
    ...main,
    ffmpegWasm: other,
    ffmpegWasmFps: other.fps,
    ratio: main.fps / other.fps,
    ...long,
  }
}

/** The talking head, 640×480 at 30 frames a second with a tone, as long as wanted; a short fixture without ffmpeg. */
async function headClip(seconds: number): Promise<string> {
  const head = ensureFakeCamera()
  const folder = resolve(root, '.cache/clips')
  mkdirSync(folder, { recursive: true })
  const path = resolve(folder, `${basename(head, '.y4m')}-${seconds}s.mp4`)
  if (existsSync(path)) return path
  const tone = `sine=frequency=330:beep_factor=4:sample_rate=48000:duration=${seconds}`
  const pictures = ['-stream_loop', '-1', '-i', head, '-f', 'lavfi', '-i', tone, '-t', `${seconds}`]
  const coding = [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '20',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
  ]
  const args = ['-v', 'error', '-y', ...pictures, ...coding, '-movflags', '+faststart', path]
  if (spawnSync('ffmpeg', args, { stdio: 'ignore' }).status === 0) return path
  rmSync(path, { force: true })
  const { mp4 } = await clipFixtures()
  if (!mp4) throw new Error('There is no clip: give one with --input.')
  return mp4.path
}

/** In a profile on disk: a private window would keep the device's storage in memory. */
async function swapInApp(clip: string, picture: string | undefined) {
  const profile = mkdtempSync(resolve(tmpdir(), 'understudy-bench-'))
  const server = await serveBuilt()
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: ensureChromium(),
    args: chromiumFlags(),
    viewport: { width: 1440, height: 900 },
  })
  try {
    const page = context.pages()[0] ?? (await context.newPage())
    await page.goto(`${server.origin}/clip`)
    await page.getByRole('checkbox', { name: /permission/ }).check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await studioReady(page)
    if (picture) await useSource(page, picture)
    const pid = await processOf(profile)
    const memory = watchMemory(pid)
    await page.waitForTimeout(1000)
    const idleMB = memory.peakMB()
    const done = await runJob(page, clip)
    const peakMB = memory.peakMB()
    memory.stop()
    const { frames, clipS, wallS } = done
    return { ...done, fps: frames / wallS, realTime: clipS / wallS, peakMB, idleMB }
  } finally {
    await context.close()
    await server.stop()
    rmSync(profile, { recursive: true, force: true })
  }
}

/** The browser's own process: the one that was started with this profile and has no type. */
async function processOf(profile: string): Promise<number> {
  const { stdout } = spawnSync('ps', ['-eo', 'pid,args'])
  const lines = stdout.toString().split('\n')
  const own = lines.find((line) => line.includes(`--user-data-dir=${profile}`) && !line.includes('--type='))
  return Number(own?.trim().split(/\s+/)[0] ?? Number.NaN)
}

/** A file in the page, however large it is. */
async function handIn(page: Page, path: string): Promise<void> {
  await page.evaluate(() => {
    const field = document.createElement('input')
    field.type = 'file'
    field.id = 'bench'
    document.body.append(field)
  })
  await page.locator('#bench').setInputFiles(path)
}

async function useSource(page: Page, path: string): Promise<void> {
  await handIn(page, path)
  await page.evaluate(async () => {
    const field = document.querySelector<HTMLInputElement>('#bench')
    const file = field?.files?.[0]
    if (file) await globalThis.understudy?.addSource(file, 'Bench')
    field?.remove()
  })
}

/** From handing the clip in to the finished file, everything included. */
async function runJob(page: Page, path: string) {
  await handIn(page, path)
  return page.evaluate(async () => {
    const field = document.querySelector<HTMLInputElement>('#bench')
    const file = field?.files?.[0]
    const clips = globalThis.understudy?.clips
    if (!file || !clips) throw new Error('The page has no scripting handle.')
    const start = performance.now()
    const id = await clips.add(file)
    const { state, progress } = await clips.waitFor(id)
    const wallS = (performance.now() - start) / 1000
    if (state.name !== 'done') throw new Error(`The job is ${JSON.stringify(state)}`)
    const stats = await clips.stats(id)
    const result = await clips.result(id)
    const video = document.createElement('video')
    video.src = URL.createObjectURL(result)
    await new Promise((resolve, reject) => {
      video.onloadedmetadata = resolve
      video.onerror = reject
    })
    const { duration: clipS, videoWidth: width, videoHeight: height } = video
    const frames = progress?.frames ?? 0
    const perFrame = Object.entries(stats?.stages ?? {}).map(([name, { ms }]) => [name, ms / frames] as const)
    return {
      frames,
      clipS,
      wallS,
      size: `${width}x${height}`,
      resultMB: result.size / 2 ** 20,
      /** Milliseconds per frame. */
      stages: Object.fromEntries(perFrame),
    }
  })
}

/** The same pictures and the same swap, but every frame comes from and goes to ffmpeg.wasm. Without sound. */
async function ffmpegPath(clip: string, picture: string | undefined) {
  const allow = [resolve(clip, '..'), ...(picture ? [resolve(picture, '..')] : [])]
  await using bench = await openSourcePage('bench/pages/ffmpeg-path.html', allow)
  await bench.page.waitForFunction(() => 'runFfmpegPath' in globalThis)
  const run = { clip: `/@fs${clip}`, picture: picture && `/@fs${picture}`, frames: OTHER_FRAMES }
  return await bench.page.evaluate((it) => globalThis.runFfmpegPath(it), run)
}

/** The memory that a long clip takes, against a minute's. */
async function compareLengths(minutes: number, picture: string | undefined) {
  const short = await swapInApp(await headClip(60), picture)
  const long = await swapInApp(await headClip(60 * minutes), picture)
  return {
    minutes,
    peakMBOneMinute: short.peakMB,
    peakMBLong: long.peakMB,
    memoryRatio: long.peakMB / short.peakMB,
    realTimeLong: long.realTime,
  }
}
