import { type CanonicalFace, parseCanonicalFace } from '../../models/canonical-face'
import { CANONICAL_FACE, FACE_DETECTOR, FACE_MESH } from '../../models/registry'
import { measureCompositors } from '../compositor/choose'
import { CpuCompositor } from '../compositor/cpu/cpu-compositor'
import { type Gpu, openGpu } from '../compositor/webgpu/gpu'
import { WebGpuCompositor } from '../compositor/webgpu/webgpu-compositor'
import { meshEdges } from '../compositor/wireframe'
import { FaceNetworks } from '../faces/networks'
import { loadRuntime, threadCount } from '../inference/runtime'
import { SeatedModel } from '../inference/seated-model'
import { loadWeights } from '../inference/weights'
import type { CompositorMakers } from './display'
import type { Capabilities } from './studio-api'

/** What every thread that swaps faces is made of: models on their fastest provider, a GPU where there is one, compositors. */
export interface SwapParts extends Disposable {
  readonly capabilities: Capabilities
  readonly canonical: CanonicalFace
  readonly makers: CompositorMakers
  /** Networks with input arrays of their own: two users of the same ones must take turns. */
  newNetworks(): FaceNetworks
  /** Breaks the GPU device on purpose. */
  loseDevice(): void
}

/**
 * Loads the models and measures the machine; again only what `remembered` does not know of this very machine.
 * `onGpuError` hears what the driver complains about, `onGpuLost` when the device is gone, after the models have left it.
 * Rejects with a named Error.
 */
export async function openParts(
  onGpuError: (detail: string) => void,
  remembered: Capabilities | undefined,
  onGpuLost?: () => void,
): Promise<SwapParts> {
  const weights = [FACE_DETECTOR, FACE_MESH, CANONICAL_FACE] as const
  const [detectorBytes, meshBytes, canonicalBytes, firstGpu] = await Promise.all([
    ...(weights.map((entry) => loadWeights(entry)) as [Bytes, Bytes, Bytes]), // map forgets the length
    openGpu(onGpuError),
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
  const watch = (watched: Gpu | undefined) =>
    watched?.lost.then(async () => {
      if (gpu === watched) gpu = undefined
      await Promise.all([detector.leaveGpu(), mesh.leaveGpu()])
      onGpuLost?.()
    })
  void watch(gpu)

  return {
    capabilities: {
      key,
      webgpu: gpu && { adapter: gpu.adapter.name, software: gpu.adapter.software },
      compositorMs: measured.medianMs,
      compositor: measured.choice,
      threads,
      models: [detector.state, mesh.state],
    },
    canonical,
    makers: {
      cpu: (canvas) => new CpuCompositor(canvas, edges),
      webgpu: async (canvas) => {
        if (!gpu) {
          gpu = await openGpu(onGpuError)
          void watch(gpu)
        }
        if (!gpu) throw new Error('There is no GPU device to be had.')
        return new WebGpuCompositor(canvas, gpu, edges)
      },
    },
    newNetworks: () => new FaceNetworks(detector.run, mesh.run),
    loseDevice: () => gpu?.lose(),
    [Symbol.dispose]() {
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
