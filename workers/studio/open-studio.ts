import type { FaceNetworks } from '../faces/networks'
import { FaceTracker } from '../faces/tracker'
import { MeshSwap } from '../swap/mesh-swap'
import { Display } from './display'
import { openParts } from './parts'
import { Studio } from './studio'
import type { Capabilities, StudioEvent } from './studio-api'

/** Everything the live thread works with, made once. */
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
  const parts = await openParts(
    (detail) => onEvent({ name: 'notice', notice: 'GpuError', detail }),
    remembered,
  )
  const { capabilities, canonical, makers } = parts
  const display = new Display(makers, capabilities.compositor, () => onEvent({ name: 'canvas-wanted' }))
  const tracker = new FaceTracker(parts.newNetworks())
  const engine = new MeshSwap(canonical)
  const studio = new Studio({ tracker, engine, display, onEvent })
  return {
    capabilities,
    studio,
    engine,
    display,
    stillNetworks: parts.newNetworks(),
    loseDevice: parts.loseDevice,
    [Symbol.dispose]() {
      studio[Symbol.dispose]()
      parts[Symbol.dispose]()
    },
  }
}
