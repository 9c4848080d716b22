import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { openBenchPage } from './browser'
import { median, percentile } from './numbers'
import type { BenchOptions } from './options'
import type { TrackerRun } from './pages/tracker'

const root = resolve(import.meta.dirname, '..')
const shared = resolve(root, '../shared')

/** Time per frame and landmark distance against tasks-vision's FaceLandmarker (when its model is beside the project). */
export async function benchTracker({ camera, seconds }: BenchOptions): Promise<object> {
  const usual = resolve(shared, 'media/clip_woman_c_lp_s18.mp4')
  const clip = camera ? resolve(camera) : existsSync(usual) ? usual : undefined
  const model = resolve(shared, 'models/face_landmarker.task')
  const wasm = resolve(root, 'node_modules/@mediapipe/tasks-vision/wasm')
  const run: TrackerRun = {
    clip: clip && `/@fs${clip}`,
    tasksVision: existsSync(model) ? { wasm: `/@fs${wasm}`, model: `/@fs${model}` } : undefined,
    frames: Math.round(seconds * 10),
  }
  await using bench = await openBenchPage('tracker', [shared, ...(clip ? [resolve(clip, '..')] : [])])
  await bench.page.waitForFunction(() => 'runTracker' in globalThis)
  const result = await bench.page.evaluate((it) => globalThis.runTracker(it), run)
  const oursMs = median(result.ours)
  const tasksVisionMs = result.tasksVision.length > 0 ? median(result.tasksVision) : null
  return {
    bench: 'tracker',
    frames: result.frames,
    threads: result.threads,
    oursMs,
    oursP95Ms: percentile(result.ours, 0.95),
    networksMs: median(result.networks),
    tasksVisionMs,
    ratio: tasksVisionMs === null ? null : tasksVisionMs / oursMs,
    landmarkPct: result.landmarkPct.length > 0 ? median(result.landmarkPct) : null,
  }
}
