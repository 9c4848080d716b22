import { createEffect, createResource, Show } from 'solid-js'
import { COMPACT, createMediaQuery } from '../ui/media-query'
import { useUnderstudy } from '../understudy'
import { BringPanel } from './bring-panel'
import '../jobs/job-state.css'
import '../studio/stage.css'
import './generate.css'
import './generate-phone.css'
import type { Generation } from './generation'
import { GenerationContext } from './generation-context'
import { GoBar } from './go-bar'
import { JobStrip } from './job-strip'
import { OutputStage } from './output-stage'
import { RoutePanel } from './route-panel'
import { SentenceBar } from './sentence-bar'

/** Say what you want, and a box of yours does it: what is brought along, what comes of it, and how it is made. */
export function GenerateView() {
  const { loadGeneration } = useUnderstudy()
  const [generation] = createResource(loadGeneration)
  return <Show when={generation()}>{(loaded) => <Loaded generation={loaded()} />}</Show>
}

function Loaded(props: { readonly generation: Generation }) {
  const { navigation } = useUnderstudy()
  const isCompact = createMediaQuery(COMPACT)
  let main: HTMLElement | undefined
  // On a phone the result is above what was just pressed.
  createEffect((before: string | undefined) => {
    const { jobId } = props.generation.generate.draft
    if (before !== undefined && jobId && jobId !== before && isCompact() && navigation.page() === 'generate')
      main?.scrollTo({ top: 0 })
    return jobId
  })
  return (
    <GenerationContext.Provider value={props.generation}>
      <main ref={main} class="generate" aria-label="Generate">
        <BringPanel />
        <section class="generate-centre" aria-label="Result">
          <OutputStage />
          <JobStrip />
          <SentenceBar />
          <GoBar />
        </section>
        <RoutePanel />
      </main>
    </GenerationContext.Provider>
  )
}
