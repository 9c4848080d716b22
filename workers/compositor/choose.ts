/** Which compositor this machine should use, found out by trying both. */
import type { Affine } from '../../models/affine'
import type { Compositor } from './compositor'
import { CpuCompositor } from './cpu/cpu-compositor'
import type { Overlay } from './layer'
import { sampleI420, sampleLayer } from './sample-picture'
import type { Gpu } from './webgpu/gpu'
import { WebGpuCompositor } from './webgpu/webgpu-compositor'

export interface MeasuredCompositors {
  readonly choice: Compositor['kind']
  /** Mean milliseconds of a 640×480 frame with one face, from frame to presented; absent where it could not be tried. */
  readonly meanMs: { readonly webgpu?: number; readonly cpu?: number }
}

const WIDTH = 640
const HEIGHT = 480
const CROP_PX = 192
const RUNS = 8
/** Runs before the ones that count: shaders are compiled, code is optimised, buffers are made. */
const WARM_RUNS = 2
/** Longest time for one compositor. The two together stay below 600 ms. */
const CAP_MS = { cpu: 200, webgpu: 390 } as const

const CENTRE: Affine = [0.6, 0, 0, 0.6, CROP_PX / 2 - 0.6 * (WIDTH / 2), CROP_PX / 2 - 0.6 * (HEIGHT / 2)]
const PLAIN: Overlay = { veil: false, mirror: true, split: undefined, meshes: [], badge: undefined }

/**
 * Tries both, the GPU's only where there is a device. A device that is lost, fails or does not finish one frame in time
 * decides for the CPU. Remember the answer by adapter and browser version. The device stays the caller's.
 */
export async function measureCompositors(gpu: Gpu | undefined): Promise<MeasuredCompositors> {
  const none = new Uint16Array()
  const cpu = await meanMsOf((canvas) => new CpuCompositor(canvas, none), CAP_MS.cpu)
  const webgpu = gpu && (await meanMsOf((canvas) => new WebGpuCompositor(canvas, gpu, none), CAP_MS.webgpu))
  const faster = webgpu !== undefined && (cpu === undefined || webgpu < cpu)
  return {
    choice: faster ? 'webgpu' : 'cpu',
    meanMs: { ...(webgpu === undefined ? {} : { webgpu }), ...(cpu === undefined ? {} : { cpu }) },
  }
}

/** undefined when it failed, or not one run that counts was done in time. */
async function meanMsOf(
  make: (canvas: OffscreenCanvas) => Compositor,
  capMs: number,
): Promise<number | undefined> {
  let late: ReturnType<typeof setTimeout> | undefined
  const tooLate = new Promise<undefined>((resolve) => {
    late = setTimeout(resolve, capMs)
  })
  const startMs = performance.now()
  const over = () => performance.now() - startMs > capMs
  const runs: number[] = []
  try {
    // The cap holds also when a run never ends; the run then goes on by itself, and cleans up if it ends after all.
    await Promise.race([measure(make, runs, over), tooLate])
  } catch {
    return undefined // it does not work here: that is the answer
  } finally {
    clearTimeout(late)
  }
  const counted = runs.slice(WARM_RUNS)
  if (counted.length === 0) return undefined
  return counted.reduce((sum, ms) => sum + ms, 0) / counted.length
}

async function measure(
  make: (canvas: OffscreenCanvas) => Compositor,
  runs: number[],
  over: () => boolean,
): Promise<void> {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT)
  using compositor = make(canvas)
  const layers = [sampleLayer(WIDTH, HEIGHT)]
  const data = sampleI420(WIDTH, HEIGHT, 0)
  while (runs.length < WARM_RUNS + RUNS && !over()) {
    const timestamp = runs.length * 33_333
    const shape = { codedWidth: WIDTH, codedHeight: HEIGHT, timestamp }
    const frame = new VideoFrame(data, { format: 'I420', ...shape }) // a new one each time: browsers keep imports
    const startMs = performance.now()
    using plate = await compositor.take(frame)
    await plate.crop(CENTRE, CROP_PX)
    await compositor.draw(plate, layers, PLAIN)
    canvas.transferToImageBitmap().close() // as far as a picture gets without a page
    runs.push(performance.now() - startMs)
  }
}
