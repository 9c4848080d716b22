import CirclePlay from 'lucide-solid/icons/circle-play'
import Download from 'lucide-solid/icons/download'
import Film from 'lucide-solid/icons/film'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import Trash from 'lucide-solid/icons/trash'
import X from 'lucide-solid/icons/x'
import { createSignal, Match, Show, Switch } from 'solid-js'
import { Meter } from '../clips/meter'
import { downloadUrl, type JobView } from '../edge/edge'
import { useGeneration } from '../generate/generation-context'
import { dateInWords } from '../library/in-words'
import { Button, Glyph, IconButton } from '../ui/button'
import { isActive, nameOf, progressInWords, stateInWords } from './job-words'
import { MissingList } from './missing-list'

/** One job of the list: what was asked, how it is doing, and what can be done about it. */
export function JobItem(props: { readonly job: JobView; readonly onOpen: () => void }) {
  const name = () => nameOf(props.job)
  const isDone = () => props.job.state === 'succeeded'
  const facts = () =>
    [props.job.sentence.trim() ? props.job.title : '', TIERS[props.job.tier], dateInWords(props.job.addedMs)]
      .filter(Boolean)
      .join(' · ')
  const missing = () => props.job.waiting?.missing ?? props.job.error?.missing
  return (
    <article class="job-item" data-state={props.job.state} aria-label={name()}>
      <Show when={isDone()} fallback={<Thumbnail job={props.job} />}>
        <button type="button" class="job-open" aria-label={`Open ${name()}`} onClick={props.onOpen}>
          <Thumbnail job={props.job} />
          <Glyph icon={CirclePlay} size={24} />
        </button>
      </Show>
      <div class="job-words">
        <h3 title={name()}>{name()}</h3>
        <p class="job-facts">{facts()}</p>
        <p class="job-state-line">
          <span class="dot" />
          <b>{stateInWords(props.job)}</b>
          <span class="job-progress">{isActive(props.job) ? progressInWords(props.job) : ''}</span>
        </p>
        <div class="job-meter">
          <Show when={isActive(props.job)}>
            <Meter
              label={`Progress of ${name()}`}
              done={props.job.progress?.fraction ?? 0}
              isQuiet={props.job.state !== 'running'}
            />
          </Show>
        </div>
        <Show when={props.job.waiting?.reason ?? props.job.error?.message}>
          {(sentence) => <p class="job-reason">{sentence()}</p>}
        </Show>
        <Show when={missing()}>
          {(parts) => (
            <Show when={parts().length > 0}>
              <details class="job-missing">
                <summary>What is missing, and how to get it</summary>
                <MissingList missing={parts()} />
              </details>
            </Show>
          )}
        </Show>
      </div>
      <Actions {...props} />
    </article>
  )
}

const TIERS = { fast: 'Fast', standard: 'Standard', high: 'High' } as const

function Thumbnail(props: { readonly job: JobView }) {
  const [hasFailed, setFailed] = createSignal(false)
  return (
    <span class="job-thumbnail">
      <Show when={!hasFailed() && props.job.thumbnailUrl} fallback={<Glyph icon={Film} size={24} />}>
        {/* Another picture at the same address once the job has moved on. */}
        {(url) => (
          <img src={`${url()}?${props.job.state}`} alt="" draggable={false} onError={() => setFailed(true)} />
        )}
      </Show>
    </span>
  )
}

function Actions(props: { readonly job: JobView; readonly onOpen: () => void }) {
  const { jobs } = useGeneration()
  const name = () => nameOf(props.job)
  return (
    <div class="job-buttons">
      <Switch>
        <Match when={isActive(props.job)}>
          <Button
            icon={X}
            aria-label={`Cancel ${name()}`}
            disabled={props.job.cancelRequested}
            onClick={() => void jobs.cancel(props.job.id)}
          >
            Cancel
          </Button>
        </Match>
        <Match when={props.job.state === 'succeeded'}>
          <Button icon={CirclePlay} aria-label={`Play ${name()}`} onClick={props.onOpen}>
            Play
          </Button>
          <Show when={props.job.results[0]}>
            {(result) => (
              <a
                class="button button-ghost icon-button"
                href={downloadUrl(result().url)}
                download=""
                aria-label={`Download ${name()}`}
                title={`Download ${name()}`}
              >
                <Download size={18} strokeWidth={1.75} />
              </a>
            )}
          </Show>
        </Match>
        <Match when={props.job.state === 'failed' || props.job.state === 'cancelled'}>
          <Button
            icon={RotateCcw}
            aria-label={`Try ${name()} again`}
            onClick={() => void jobs.retry(props.job.id)}
          >
            Retry
          </Button>
        </Match>
      </Switch>
      <Show when={!isActive(props.job)}>
        <IconButton icon={Trash} label={`Delete ${name()}`} onClick={() => jobs.remove(props.job)} />
      </Show>
    </div>
  )
}
