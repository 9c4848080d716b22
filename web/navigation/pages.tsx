import RotateCw from 'lucide-solid/icons/rotate-cw'
import { createEffect, createMemo, ErrorBoundary, type JSX, lazy, on, Show, Suspense } from 'solid-js'
import { LiveView } from '../studio/live-view'
import { Button } from '../ui/button'
import { useUnderstudy } from '../understudy'
import { wordsFor } from '../words/errors'
import type { PageName } from './navigation'

const ClipView = lazy(async () => ({ default: (await import('../clips/clip-view')).ClipView }))
const GenerateView = lazy(async () => ({ default: (await import('../generate/generate-view')).GenerateView }))
const JobsView = lazy(async () => ({ default: (await import('../jobs/jobs-view')).JobsView }))
const LibraryView = lazy(async () => ({ default: (await import('../library/library-view')).LibraryView }))

/** The pages. One that was opened stays as it was left, and goes on with its work, while another is shown. */
export function Pages() {
  return (
    <>
      <Page name="live">
        <LiveView />
      </Page>
      <Page name="clip">
        <ClipView />
      </Page>
      <Page name="generate">
        <GenerateView />
      </Page>
      <Page name="jobs">
        <JobsView />
      </Page>
      <Page name="library">
        <LibraryView />
      </Page>
    </>
  )
}

function Page(props: { readonly name: PageName; readonly children: JSX.Element }) {
  const { navigation } = useUnderstudy()
  let page: HTMLDivElement | undefined
  const isShown = () => navigation.page() === props.name
  const wasShown = createMemo<boolean>((before) => before || isShown(), false)

  // Whoever came by a button of another page is in this one now; a tab that was pressed keeps the focus.
  createEffect(
    on(isShown, (shown) => {
      if (shown && document.activeElement?.closest('.page')) page?.focus({ preventScroll: true })
    }),
  )
  return (
    <div ref={page} class="page" hidden={!isShown()} tabindex="-1">
      <Show when={wasShown()}>
        <ErrorBoundary fallback={<NotLoaded />}>
          <Suspense fallback={<Loading />}>{props.children}</Suspense>
        </ErrorBoundary>
      </Show>
    </div>
  )
}

function Loading() {
  return (
    <p class="page-message" role="status" aria-busy="true">
      <span class="spinner" /> Loading
    </p>
  )
}

function NotLoaded() {
  const words = wordsFor('PageFailedError')
  return (
    <div class="page-message" role="alert">
      <h2>{words.title}</h2>
      <p>{words.text}</p>
      <Button look="primary" icon={RotateCw} onClick={() => location.reload()}>
        Reload
      </Button>
    </div>
  )
}
