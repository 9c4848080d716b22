import { parseCanonicalFace } from '../../models/canonical-face'
import { CANONICAL_FACE, FACE_DETECTOR, FACE_MESH } from '../../models/registry'
import { measureCompositors } from '../compositor/choose'
import { CpuCompositor } from '../compositor/cpu/cpu-compositor'
import { type Gpu, openGpu } from '../compositor/webgpu/gpu'
import { WebGpuCompositor } from '../compositor/webgpu/webgpu-compositor'
import { meshEdges } from '../compositor/wireframe'
import { FaceNetworks } from '../faces/networks'
import { FaceTracker } from '../faces/tracker'
import { loadRuntime, threadCount } from '../inference/runtime'
import { SeatedModel } from '../inference/seated-model'
import { loadWeights } from '../inference/weights'
import { MeshSwap } from '../swap/mesh-swap'
import { Display } from './display'
import { Studio } from './studio'
import type { Capabilities, StudioEvent } from './studio-api'

/** Everything the thread works with, made once. */
export interface OpenStudio extends Disposable {
  readonly capabilities: Capabilities
  readonly studio: Studio<ReturnType<MeshSwap['prepare']>>
  readonly engine: MeshSwap
  readonly display: Display
  /** For still pictures, beside the live ones: the two must not share input arrays. */
  readonly stillNetworks: FaceNetworks
  /** Breaks the GPU device on purpose. */
  loseDevice(): void
}

/** Loads, measures and connects the parts. Measures again only what `remembered` does not know of this very machine. */
export async function openStudio(
  onEvent: (event: StudioEvent) => void,
  remembered: Capabilities | undefined,
): Promise<OpenStudio> {
  const weights = [FACE_DETECTOR, FACE_MESH, CANONICAL_FACE] as const
  const [detectorBytes, meshBytes, canonicalBytes, firstGpu] = await Promise.all([
    ...(weights.map((entry) => loadWeights(entry)) as [Bytes, Bytes, Bytes]), // map forgets the length
    openGpuTelling(onEvent),
    loadRuntime('wasm'),
  ])
  let gpu = firstGpu
  const threads = threadCount()
  const key = [navigator.userAgent, gpu?.adapter.name ?? 'no GPU', threads].join(' | ')
  const known = remembered?.key === key ? remembered : undefined

  // On a software adapter a network is some 200 times slower than on WASM: not worth a try.
  const device = gpu?.adapter.software ? undefined : gpu?.device
  const before = (id: string) => known?.models.find((model) => model.id === id)?.measuredMs
  const detector = await SeatedModel.open(FACE_DETECTOR, detectorBytes, device, before(FACE_DETECTOR.id))
  const mesh = await SeatedModel.open(FACE_MESH, meshBytes, device, before(FACE_MESH.id))
  const measured =
    known && isWhole(known.compositorMs, gpu !== undefined)
      ? { choice: known.compositor, medianMs: known.compositorMs }
      : await measureCompositors(gpu)

  const canonical = parseCanonicalFace(canonicalBytes)
  const edges = meshEdges(canonical.triangles)
  const makers = {
    cpu: (canvas: OffscreenCanvas) => new CpuCompositor(canvas, edges),
    webgpu: async (canvas: OffscreenCanvas) => {
      gpu ??= await openGpuTelling(onEvent)
      if (!gpu) throw new Error('There is no GPU device to be had.')
      return new WebGpuCompositor(canvas, gpu, edges)
    },
  }
  const watch = (watched: Gpu | undefined) =>
    watched?.lost.then(async () => {
      if (gpu === watched) gpu = undefined
      await Promise.all([detector.leaveGpu(), mesh.leaveGpu()])
    })
  void watch(gpu)

  const display = new Display(makers, measured.choice, () => onEvent({ name: 'canvas-wanted' }))
  const networks = () => new FaceNetworks(detector.run, mesh.run)
  const tracker = new FaceTracker(networks())
  const engine = new MeshSwap(canonical)
  const studio = new Studio({ tracker, engine, display, onEvent })
  return {
    capabilities: {
      key,
      webgpu: gpu && { adapter: gpu.adapter.name, software: gpu.adapter.software },
      compositorMs: measured.medianMs,
      compositor: measured.choice,
      threads,
      models: [detector.state, mesh.state],
    },
    studio,
    engine,
    display,
    stillNetworks: networks(),
    loseDevice: () => gpu?.lose(),
    [Symbol.dispose]() {
      studio[Symbol.dispose]()
      detector[Symbol.dispose]()
      mesh[Symbol.dispose]()
      gpu?.[Symbol.dispose]()
    },
  }
}

type Bytes = Promise<Uint8Array<ArrayBuffer>>

/** On a machine that was busy at the time, a compositor may not have got to the end of its measurement. */
const isWhole = ({ cpu, webgpu }: Capabilities['compositorMs'], hasGpu: boolean): boolean =>
  cpu !== undefined && (webgpu !== undefined || !hasGpu)

const openGpuTelling = (onEvent: (event: StudioEvent) => void) =>
  openGpu((detail) => onEvent({ name: 'notice', notice: 'GpuError', detail }))
