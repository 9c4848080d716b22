import CirclePlay from 'lucide-solid/icons/circle-play'
import Download from 'lucide-solid/icons/download'
import GripVertical from 'lucide-solid/icons/grip-vertical'
import Pause from 'lucide-solid/icons/pause'
import Play from 'lucide-solid/icons/play'
import RefreshCw from 'lucide-solid/icons/refresh-cw'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import Share from 'lucide-solid/icons/share-2'
import Trash from 'lucide-solid/icons/trash'
import X from 'lucide-solid/icons/x'
import { createEffect, createSignal, For, onCleanup, Show } from 'solid-js'
import type { ClipJob } from '../../workers/clip/clip-job'
import { Button, IconButton } from '../ui/button'
import { wordsFor } from '../words/errors'
import { useClips } from './clips-context'
import { stateInWords } from './job-words'
import { Meter } from './meter'

interface JobRowProps {
  readonly job: ClipJob
  /** Id of the job that is being dragged; '' for none. */
  readonly dragged: string
  readonly onDrag: (id: string) => void
}

/** One job: how far it is, what is wrong with it, and what can be done about it. */
export function JobRow(props: JobRowProps) {
  const { queue, posterOf, draftOf, open, moveBy, complain } = useClips()
  const [isTarget, setTarget] = createSignal(false)
  const [isGripped, setGripped] = createSignal(false)
  const state = () => props.job.state.name
  const canMove = () => state() === 'waiting' || state() === 'paused'
  const name = () => props.job.name
  const draft = () => draftOf(props.job.id)
  const trouble = () => {
    const { state } = props.job
    if (state.name !== 'failed' && !(state.name === 'paused' && state.reason)) return undefined
    return wordsFor(state.reason ?? '', state.detail)
  }
  const isDropHere = () => props.dragged !== '' && props.dragged !== props.job.id && canMove()
  const drop = (event: DragEvent) => {
    setTarget(false)
    if (!isDropHere()) return
    event.preventDefault()
    void queue.move(props.dragged, props.job.id).catch(complain)
    props.onDrag('')
  }
  const key = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!by || !canMove()) return
    event.preventDefault()
    void moveBy(props.job.id, by).catch(complain)
  }

  return (
    <li
      class="row-item job"
      classList={{ 'is-target': isTarget() }}
      data-state={state()}
      draggable={isGripped()}
      onDragStart={(event) => {
        event.dataTransfer?.setData('text/plain', name())
        props.onDrag(props.job.id)
      }}
      onDragEnd={() => {
        setGripped(false)
        props.onDrag('')
      }}
      onDragOver={(event) => {
        if (!isDropHere()) return
        event.preventDefault()
        setTarget(true)
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={drop}
    >
      <span class="thumb">
        <Show when={posterOf(props.job)}>{(picture) => <Poster picture={picture()} />}</Show>
        <Show when={canMove()}>
          <button
            type="button"
            class="grip"
            aria-label={`Move ${name()}: arrow up, arrow down`}
            title="Drag, or move with the arrow keys"
            onPointerDown={() => setGripped(true)}
            onPointerUp={() => setGripped(false)}
            onKeyDown={key}
          >
            <GripVertical size={16} />
          </button>
        </Show>
      </span>
      <div class="row-words">
        <Show when={draft()} fallback={<strong title={name()}>{name()}</strong>}>
          {(known) => (
            <button
              type="button"
              class="job-name"
              title={`Show ${name()} on the stage`}
              onClick={() => void open(known().id)}
            >
              {name()}
            </button>
          )}
        </Show>
        <Show when={trouble()} fallback={<span class="job-state">{stateInWords(props.job)}</span>}>
          {(words) => (
            <span class="job-trouble">
              <b>{words().title}</b> {words().text}
            </span>
          )}
        </Show>
        <Show
          when={
            props.job.progress && state() !== 'done' && state() !== 'failed' ? props.job.progress : undefined
          }
        >
          {(progress) => <Meter label={`${name()}`} done={progress().done} isQuiet={state() !== 'running'} />}
        </Show>
        <For each={props.job.warnings}>
          {(warning) => (
            <span class="job-warning">
              <b>{wordsFor(warning).title}.</b> {wordsFor(warning).text}
            </span>
          )}
        </For>
        <JobActions job={props.job} />
      </div>
    </li>
  )
}

function JobActions(props: { readonly job: ClipJob }) {
  const { queue, results, draftOf, resume, retry, beginAgain, complain } = useClips()
  const state = () => props.job.state.name
  const run = (work: Promise<unknown>) => void work.catch(complain)
  const result = () => (props.job.state.name === 'done' ? props.job.state.libraryId : undefined)
  const isWorking = () => state() === 'waiting' || state() === 'running'
  return (
    <div class="job-actions">
      <Show when={result()}>
        {(libraryId) => (
          <>
            <Button icon={CirclePlay} onClick={() => run(results.show(libraryId()))}>
              Play
            </Button>
            <IconButton
              icon={Download}
              label={`Download ${props.job.name}`}
              onClick={() => run(results.download(libraryId()))}
            />
            <Show when={results.canShare(libraryId())}>
              <IconButton
                icon={Share}
                label={`Share ${props.job.name}`}
                onClick={() => run(results.share(libraryId()))}
              />
            </Show>
          </>
        )}
      </Show>
      <Show when={isWorking()}>
        <Button icon={Pause} onClick={() => run(queue.pause(props.job.id))}>
          Pause
        </Button>
      </Show>
      <Show when={state() === 'paused'}>
        <Button icon={Play} onClick={() => run(resume(props.job.id))}>
          Continue
        </Button>
      </Show>
      <Show when={state() === 'failed'}>
        <Button icon={RotateCcw} onClick={() => run(retry(props.job.id))}>
          Try again
        </Button>
      </Show>
      <Show when={state() !== 'done' && state() !== 'running' && draftOf(props.job.id)}>
        {(draft) => (
          <IconButton
            icon={RefreshCw}
            label={`Begin ${props.job.name} again, as it is set now`}
            onClick={() => run(beginAgain(draft().id, props.job.id))}
          />
        )}
      </Show>
      <span class="spring" />
      <IconButton
        icon={isWorking() || state() === 'paused' ? X : Trash}
        label={
          isWorking() || state() === 'paused'
            ? `Cancel ${props.job.name}`
            : `Remove ${props.job.name} from this list`
        }
        onClick={() => run(queue.remove(props.job.id))}
      />
    </div>
  )
}

function Poster(props: { readonly picture: Blob | string }) {
  const [url, setUrl] = createSignal('')
  createEffect(() => {
    if (typeof props.picture === 'string') return void setUrl(props.picture)
    const made = URL.createObjectURL(props.picture)
    setUrl(made)
    onCleanup(() => URL.revokeObjectURL(made))
  })
  return <img src={url()} alt="" draggable={false} />
}
