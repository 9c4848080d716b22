import { Show } from 'solid-js'
import { SourcePanel } from '../sources/source-panel'
import { COMPACT, createMediaQuery } from '../ui/media-query'
import { useUnderstudy } from '../understudy'
import { InputBar } from './input-bar'
import { Inspector } from './inspector'
import { Stage } from './stage'
import { StatusStrip } from './status-strip'
import { Transport } from './transport'
import './live.css'

/** The real-time mode: who on the left, the picture in the middle, how on the right. */
export function LiveView() {
  const { isInspectorOpen } = useUnderstudy()
  const isCompact = createMediaQuery(COMPACT)
  return (
    <main class="live" classList={{ 'is-inspecting': isInspectorOpen() }}>
      <SourcePanel />
      <section class="centre" aria-label="Live picture">
        <Show when={!isCompact()}>
          <InputBar />
        </Show>
        <Stage />
        <StatusStrip isCompact={isCompact()} />
        <Transport isCompact={isCompact()} />
      </section>
      <Inspector isCompact={isCompact()} />
    </main>
  )
}
