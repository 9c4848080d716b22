/** The clip thread as a page has it, for tests: a real worker, a real canvas. */
import { proxy, type Remote, transfer } from 'comlink'
import { parseCanonicalFace } from '../../models/canonical-face'
import type { Pixels } from '../../models/pixels'
import { CANONICAL_FACE, FACE_DETECTOR, FACE_MESH } from '../../models/registry'
import { openGpu } from '../../workers/compositor/webgpu/gpu'
import { AMARA } from '../../workers/demo-head/character'
import { AT_REST } from '../../workers/demo-head/motion'
import { createHeadRenderer, livePicture } from '../../workers/demo-head/render-head'
import { threadCount } from '../../workers/inference/runtime'
import { loadWeights } from '../../workers/inference/weights'
import { connect } from '../../workers/rpc/connect'
import '../../workers/rpc/signal'
import ClipWorker from '../../workers/clip/clip.worker?worker'
import type { ClipApi, ClipEvent } from '../../workers/clip/clip-api'
import type { Capabilities, SourceFace } from '../../workers/studio/studio-api'

export interface ClipThread extends AsyncDisposable {
  readonly api: Remote<ClipApi>
  readonly events: ClipEvent[]
  readonly capabilities: Capabilities
  /** What the page's canvas shows now. */
  picture(): Pixels
}

export const NEVER = new AbortController().signal

/**
 * Opens a thread that draws in this way, whatever is faster here, and gives it a canvas, and another whenever it wants one.
 */
export async function openClipThread(compositor: Capabilities['compositor'] = 'cpu'): Promise<ClipThread> {
  const connection = connect<ClipApi>(new ClipWorker())
  const { api } = connection
  const events: ClipEvent[] = []
  let canvas = document.createElement('canvas')
  const show = async () => {
    canvas.remove()
    canvas = document.createElement('canvas')
    document.body.append(canvas)
    const offscreen = canvas.transferControlToOffscreen()
    await api.show(transfer(offscreen, [offscreen]))
  }
  const listen = proxy((event: ClipEvent) => {
    events.push(event)
    if (event.name === 'canvas-wanted') void show()
  })
  const capabilities = await api.open(listen, await measuredAs(compositor))
  await show()
  return {
    api,
    events,
    capabilities,
    picture: () => pixelsOf(canvas),
    async [Symbol.asyncDispose]() {
      await api.close()
      connection[Symbol.dispose]()
      canvas.remove()
    },
  }
}

/** What a thread would remember of this machine, had one of the compositors been much faster; nothing is measured then. */
async function measuredAs(compositor: Capabilities['compositor']): Promise<Capabilities> {
  using gpu = await openGpu(() => undefined)
  const compositorMs = { cpu: 100, webgpu: 100, [compositor]: 1 }
  const models = [FACE_DETECTOR, FACE_MESH].map(({ id, task }) => {
    return { id, task, provider: 'wasm', measuredMs: { wasm: 1, webgpu: 100 } } as const
  })
  const threads = threadCount()
  const key = [navigator.userAgent, gpu?.adapter.name ?? 'no GPU', threads].join(' | ')
  const webgpu = gpu && { adapter: gpu.adapter.name, software: gpu.adapter.software }
  return { key, webgpu, compositorMs, compositor, threads, models }
}

/** The other synthetic head, as a source with its true landmarks. */
export async function amara(): Promise<() => Promise<SourceFace>> {
  const canonical = parseCanonicalFace(await loadWeights(CANONICAL_FACE))
  const { pixels, landmarks } = createHeadRenderer(canonical, AMARA, livePicture(512, 512)).render(AT_REST)
  const image = new ImageData(new Uint8ClampedArray(pixels.data), pixels.width, pixels.height)
  const points = new Float32Array(landmarks)
  return async () => {
    const bitmap = await createImageBitmap(image)
    return transfer({ image: bitmap, landmarks: points }, [bitmap])
  }
}

function pixelsOf(canvas: HTMLCanvasElement): Pixels {
  const { width, height } = canvas
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('This browser offers no 2-D drawing.')
  context.drawImage(canvas, 0, 0)
  return { width, height, data: new Uint8ClampedArray(context.getImageData(0, 0, width, height).data) }
}
