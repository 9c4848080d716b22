import { Display } from '../studio/display'
import { openParts, type SwapParts } from '../studio/parts'
import type { Capabilities } from '../studio/studio-api'
import { MeshSwap } from '../swap/mesh-swap'
import type { ClipEvent } from './clip-api'
import { Preview } from './preview'
import type { SavingParts } from './save-still'
import { Stage } from './stage'

type Source = ReturnType<MeshSwap['prepare']>

/** Everything the clip thread works with, made once. */
export interface OpenClipStudio extends AsyncDisposable {
  readonly capabilities: Capabilities
  readonly stage: Stage<Source>
  readonly preview: Preview<Source>
  readonly saving: SavingParts<Source>
  readonly swapParts: SwapParts
}

/** Loads, measures and connects the parts. Measures again only what `remembered` does not know of this very machine. */
export async function openClipStudio(
  onEvent: (event: ClipEvent) => void,
  remembered: Capabilities | undefined,
): Promise<OpenClipStudio> {
  const parts = await openParts(
    (detail) => onEvent({ name: 'notice', notice: 'GpuError', detail }),
    remembered,
    // No frame comes by itself that would show the loss.
    () => void preview.redraw(),
  )
  const { capabilities, canonical, makers } = parts
  const display = new Display(makers, capabilities.compositor, () => onEvent({ name: 'canvas-wanted' }))
  const stage = new Stage(new MeshSwap(canonical))
  const preview = new Preview({ display, stage, networks: parts.newNetworks(), onEvent })
  return {
    capabilities,
    stage,
    preview,
    saving: { stage, networks: parts.newNetworks(), newCompositor: makers.cpu },
    swapParts: parts,
    async [Symbol.asyncDispose]() {
      await preview[Symbol.asyncDispose]()
      stage[Symbol.dispose]()
      parts[Symbol.dispose]()
    },
  }
}
