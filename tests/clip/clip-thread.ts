/** The clip thread as a page has it, for tests: a real worker, a real canvas. */
import { proxy, type Remote, transfer } from 'comlink'
import { parseCanonicalFace } from '../../models/canonical-face'
import type { Pixels } from '../../models/pixels'
import { CANONICAL_FACE } from '../../models/registry'
import { AMARA } from '../../workers/demo-head/character'
import { AT_REST } from '../../workers/demo-head/motion'
import { createHeadRenderer, livePicture } from '../../workers/demo-head/render-head'
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

/** Opens a thread and gives it a canvas, and another whenever it wants one. */
export async function openClipThread(remembered?: Capabilities): Promise<ClipThread> {
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
  const capabilities = await api.open(listen, remembered)
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
