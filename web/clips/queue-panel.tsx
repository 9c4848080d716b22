import Info from 'lucide-solid/icons/info'
import ListPlus from 'lucide-solid/icons/list-plus'
import X from 'lucide-solid/icons/x'
import { createSignal, For, Show } from 'solid-js'
import { Button, Glyph, IconButton } from '../ui/button'
import { explain } from '../words/errors'
import { useClips } from './clips-context'
import type { Draft } from './draft'
import { JobRow } from './job-row'
import { Meter } from './meter'
import './queue.css'

/** Everything that was dropped: what is still to be set, what waits and runs, and what came of it. */
export function QueuePanel() {
  const { bin, queue, unsent, sendAll, whyNot } = useClips()
  const [dragged, setDragged] = createSignal('')
  const failure = () => (queue.state.phase.name === 'failed' ? explain(queue.state.phase.error) : undefined)
  // What was sent has its row in the queue.
  const opened = () =>
    bin.state.drafts.filter(
      ({ id, jobId }) => id === bin.state.currentId || !queue.jobs().some((job) => job.id === jobId),
    )
  const isEmpty = () => bin.state.drafts.length === 0 && queue.jobs().length === 0
  return (
    <div class="queue">
      <Show when={opened().length > 0}>
        <section aria-label="Opened">
          <header>
            <h3>Opened</h3>
            <Show when={unsent().length > 1}>
              <Button
                icon={ListPlus}
                disabled={unsent().some((draft) => whyNot(draft) !== undefined)}
                onClick={() => void sendAll()}
              >
                Swap all {unsent().length}
              </Button>
            </Show>
          </header>
          <ul class="rows">
            <For each={opened()}>{(draft) => <DraftRow draft={draft} />}</For>
          </ul>
        </section>
      </Show>
      <section aria-label="Queue">
        <Show when={queue.jobs().length > 0 || queue.state.copying.length > 0}>
          <h3>Queue</h3>
        </Show>
        <Show when={failure()}>
          {(words) => (
            <p class="warning" role="alert">
              <strong>{words().title}</strong> {words().text}
            </p>
          )}
        </Show>
        <ol class="rows">
          <For each={queue.jobs()}>
            {(job) => <JobRow job={job} dragged={dragged()} onDrag={setDragged} />}
          </For>
          <For each={queue.state.copying}>
            {(copying) => (
              <li class="row-item">
                <span class="thumb" />
                <div class="row-words">
                  <strong>{copying.name}</strong>
                  <span>Copying to this device’s storage</span>
                  <Meter label={`Copying ${copying.name}`} done={copying.done} />
                </div>
              </li>
            )}
          </For>
        </ol>
        <Show when={isEmpty()}>
          <p class="hint">
            Clips you swap are worked off here, one after another. Results go to the library.
          </p>
        </Show>
        <Show when={queue.jobs().length > 0}>
          <p class="note">
            <Glyph icon={Info} size={16} />
            <span>
              You may close this page at any time: what is done is kept, and Continue takes up the rest from
              there.
            </span>
          </p>
        </Show>
      </section>
    </div>
  )
}

function DraftRow(props: { readonly draft: Draft }) {
  const { bin, queue, open, remove, complain } = useClips()
  const isCurrent = () => bin.state.currentId === props.draft.id
  const words = () => {
    if (props.draft.kind === 'still') return 'Picture'
    const job = queue.jobs().find(({ id }) => id === props.draft.jobId)
    if (!job) return 'Not swapped yet'
    if (job.state.name === 'failed') return 'Failed'
    return job.state.name === 'done' ? 'Swapped' : 'In the queue'
  }
  return (
    <li class="row-item" classList={{ 'is-current': isCurrent() }}>
      <button
        type="button"
        class="row-open"
        aria-current={isCurrent() ? 'true' : undefined}
        aria-label={`Show ${props.draft.file.name}`}
        onClick={() => void open(props.draft.id)}
      >
        <span class="thumb">
          <Show when={props.draft.posterUrl}>{(url) => <img src={url()} alt="" />}</Show>
        </span>
        <span class="row-words">
          <strong>{props.draft.file.name}</strong>
          <span>{words()}</span>
        </span>
      </button>
      <IconButton
        icon={X}
        label={`Close ${props.draft.file.name}`}
        onClick={() => void remove(props.draft.id).catch(complain)}
      />
    </li>
  )
}
