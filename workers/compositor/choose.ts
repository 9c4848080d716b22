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
  /** Median milliseconds of a 640×480 frame with one face, from frame to presented; absent where it could not be tried. */
  readonly medianMs: { readonly webgpu?: number; readonly cpu?: number }
}

const WIDTH = 640
const HEIGHT = 480
const CROP_PX = 192
const RUNS = 8
/** Runs before the ones that count: shaders are compiled, code is optimised, buffers are made. */
const WARM_RUNS = 2
/** After this only who has no number yet goes on; after the second none does, and what is not done decides for the CPU. */
const CAP_MS = 550
const LAST_MS = 1500
/**
 * A software adapter must be this many times faster: it draws on the same cores, and what a canvas in a page costs on top is not
 * seen here. Live, where both measured alike (12 and 4 to 7 ms), the software GPU showed 19 frames a second, the CPU 30.
 */
const SOFTWARE_HANDICAP = 3

const CENTRE: Affine = [0.6, 0, 0, 0.6, CROP_PX / 2 - 0.6 * (WIDTH / 2), CROP_PX / 2 - 0.6 * (HEIGHT / 2)]
const PLAIN: Overlay = { veil: false, mirror: true, split: undefined, meshes: [], badge: undefined }

/**
 * Tries both in turns, so that whatever else the machine does meanwhile hits both alike; the GPU's only where there is a
 * device. A device that is lost, fails or does not finish in time decides for the CPU. Remember the answer by adapter and
 * browser version. The device stays the caller's.
 */
export async function measureCompositors(gpu: Gpu | undefined): Promise<MeasuredCompositors> {
  const none = new Uint16Array()
  const cpu = new Contestant((canvas) => new CpuCompositor(canvas, none))
  const webgpu = gpu && new Contestant((canvas) => new WebGpuCompositor(canvas, gpu, none))
  await inTurns(webgpu ? [cpu, webgpu] : [cpu])
  const [cpuMs, webgpuMs] = [cpu.medianMs(), webgpu?.medianMs()]
  const handicap = gpu?.adapter.software ? SOFTWARE_HANDICAP : 1
  const faster = webgpuMs !== undefined && (cpuMs === undefined || webgpuMs * handicap < cpuMs)
  return {
    choice: faster ? 'webgpu' : 'cpu',
    medianMs: {
      ...(webgpuMs === undefined ? {} : { webgpu: webgpuMs }),
      ...(cpuMs === undefined ? {} : { cpu: cpuMs }),
    },
  }
}

async function inTurns(contestants: readonly Contestant[]): Promise<void> {
  const startMs = performance.now()
  const spentMs = () => performance.now() - startMs
  const data = sampleI420(WIDTH, HEIGHT, 0)
  for (let run = 0; run < WARM_RUNS + RUNS; run++) {
    for (const contestant of contestants) {
      const capMs = contestant.medianMs() === undefined ? LAST_MS : CAP_MS
      if (spentMs() < capMs) await contestant.run(data, LAST_MS - spentMs())
    }
  }
  for (const contestant of contestants) contestant.end()
}

/** One compositor on a canvas nobody sees. */
class Contestant {
  readonly #times: number[] = []
  #compositor: Compositor | undefined
  #canvas = new OffscreenCanvas(WIDTH, HEIGHT)
  #busy: Promise<void> | undefined

  constructor(make: (canvas: OffscreenCanvas) => Compositor) {
    try {
      this.#compositor = make(this.#canvas)
    } catch {
      // It does not work here: that is the answer.
    }
  }

  /** Draws one frame. One that fails or is late is the last. */
  async run(data: Uint8Array<ArrayBuffer>, limitMs: number): Promise<void> {
    const compositor = this.#compositor
    if (!compositor) return
    let late: ReturnType<typeof setTimeout> | undefined
    const tooLate = new Promise<never>((_, reject) => {
      late = setTimeout(() => reject(new Error('Too late.')), limitMs)
    })
    try {
      this.#busy = this.#draw(compositor, data)
      await Promise.race([this.#busy, tooLate])
    } catch {
      this.#times.length = 0
      this.end()
    } finally {
      clearTimeout(late)
    }
  }

  /** undefined when it failed, or not one run that counts was done in time. */
  medianMs(): number | undefined {
    const counted = this.#times.slice(WARM_RUNS).sort((a, b) => a - b)
    return counted[Math.floor(counted.length / 2)]
  }

  /** A run that still goes on is let finish first. */
  end(): void {
    const compositor = this.#compositor
    this.#compositor = undefined
    const dispose = () => compositor?.[Symbol.dispose]()
    void this.#busy?.then(dispose, dispose)
  }

  async #draw(compositor: Compositor, data: Uint8Array<ArrayBuffer>): Promise<void> {
    const timestamp = this.#times.length * 33_333
    const frame = new VideoFrame(data, { format: 'I420', codedWidth: WIDTH, codedHeight: HEIGHT, timestamp })
    const layers = [sampleLayer(WIDTH, HEIGHT)]
    const startMs = performance.now()
    using plate = await compositor.take(frame)
    await plate.crop(CENTRE, CROP_PX)
    await compositor.draw(plate, layers, PLAIN)
    this.#canvas.transferToImageBitmap().close() // as far as a picture gets without a page
    this.#times.push(performance.now() - startMs)
  }
}
