import { createEffect, createSignal, on, onCleanup } from 'solid-js'
import { unwrap } from 'solid-js/store'
import type { Capabilities } from '../../workers/studio/studio-api'
import type { Bin } from './bin'
import { type Draft, spanOf } from './draft'
import type { Queue } from './queue'
import { estimateSeconds, learnSpeed } from './speed'
import type { Viewer } from './viewer'

/** Marks are being dragged, qualities clicked through: only what stays this long is worth an estimate. */
const SETTLED_MS = 250

/** About how large the export of the clip on the stage will be, and how long it will take. */
export function createForecast(
  bin: Bin,
  viewer: Viewer,
  queue: Queue,
  capabilities: () => Capabilities | undefined,
) {
  const [bytes, setBytes] = createSignal<number>()
  let estimating = new AbortController()
  onCleanup(() => estimating.abort())

  const asked = () => {
    const draft = bin.current()
    if (viewer.state.phase.name !== 'open' || draft?.opened?.kind !== 'clip') return undefined
    return { output: draft.output, span: draft.outside === 'cut' ? spanOf(draft) : undefined }
  }
  createEffect(
    on(asked, (now) => {
      estimating.abort()
      estimating = new AbortController()
      setBytes(undefined)
      if (now) void estimate(now, estimating.signal)
    }),
  )
  async function estimate({ output, span }: NonNullable<ReturnType<typeof asked>>, signal: AbortSignal) {
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS))
    if (signal.aborted) return
    try {
      const about = await (await viewer.api()).estimateBytes(unwrap(output), span, signal)
      if (!signal.aborted) setBytes(about)
    } catch {
      // No estimate then: a size that cannot be told is no reason to stop anybody.
    }
  }

  /** undefined for what was not opened yet. */
  const secondsFor = (draft: Draft): number | undefined => {
    if (draft.opened?.kind !== 'clip') return undefined
    const { fromS, toS, video } = draft.opened.info
    const span = spanOf(draft) ?? { fromS, toS }
    return estimateSeconds((span.toS - span.fromS) * video.fps, video.width * video.height, capabilities())
  }

  createEffect(() => {
    const job = queue.running()
    const draft = job && bin.state.drafts.find(({ jobId }) => jobId === job.id)
    if (job?.progress?.phase !== 'swapping' || draft?.opened?.kind !== 'clip') return
    const { width, height } = draft.opened.info.video
    learnSpeed(job.progress.fps, width * height)
  })

  return { bytes, secondsFor }
}
