import { createResource, Show } from 'solid-js'
import { SourcePanel } from '../sources/source-panel'
import '../studio/live.css'
import { COMPACT, createMediaQuery } from '../ui/media-query'
import { useUnderstudy } from '../understudy'
import { ClipHeader } from './clip-header'
import { ClipInspector } from './clip-inspector'
import { createClipKeys } from './clip-keys'
import { ClipStage } from './clip-stage'
import { ClipTransport } from './clip-transport'
import type { Clips } from './clips'
import { ClipsContext } from './clips-context'
import './panels.css'
import './clips.css'
import { MarksBar } from './marks-bar'
import { QueueNews } from './queue-news'
import { ResultDialog } from './result-dialog'
import { Timeline } from './timeline'

/** A finished video in, the same video with the other face out. */
export function ClipView() {
  const { loadClips } = useUnderstudy()
  const [clips] = createResource(loadClips)
  return <Show when={clips()}>{(loaded) => <Loaded clips={loaded()} />}</Show>
}

function Loaded(props: { readonly clips: Clips }) {
  const isCompact = createMediaQuery(COMPACT)
  createClipKeys(props.clips, useUnderstudy())
  void props.clips.wake()
  return (
    <ClipsContext.Provider value={props.clips}>
      <main class="live clip" classList={{ 'is-inspecting': !isCompact() || props.clips.isPanelOpen() }}>
        <SourcePanel />
        <section class="centre" aria-label="Clip">
          <ClipHeader isCompact={isCompact()} />
          <ClipStage />
          <div class="timeline">
            <Show when={props.clips.info()} keyed fallback={<div class="timeline-none" />}>
              {(info) => (
                <>
                  <MarksBar info={info} />
                  <Timeline info={info} />
                </>
              )}
            </Show>
          </div>
          <ClipTransport isCompact={isCompact()} />
        </section>
        <ClipInspector isCompact={isCompact()} />
      </main>
      <QueueNews />
      <ResultDialog />
    </ClipsContext.Provider>
  )
}
