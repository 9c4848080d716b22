import { createSignal, Show } from 'solid-js'
import type { Words } from '../words/errors'

const [failure, setFailure] = createSignal<Words>()

/** Says on the screen below that it did not work. */
export const erasingFailed = setFailure

/** What a window shows when all that it showed is being erased. */
export function Erasing() {
  return (
    <Show
      when={failure()}
      fallback={
        <p class="page-message" role="status" aria-busy="true">
          <span class="spinner" /> Deleting everything that was stored here
        </p>
      }
    >
      {(words) => (
        <div class="page-message" role="alert">
          <h2>{words().title}</h2>
          <p>{words().text}</p>
        </div>
      )}
    </Show>
  )
}
