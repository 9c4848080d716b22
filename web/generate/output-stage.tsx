import { createMemo, Match, Show, Switch } from 'solid-js'
import { Meter } from '../clips/meter'
import type { JobView } from '../edge/edge'
import { JobResult } from '../jobs/job-result'
import { isActive } from '../jobs/job-words'
import { MissingList } from '../jobs/missing-list'
import { FirstSteps } from './first-steps'
import { useGeneration } from './generation-context'
import { NoBox, NoServer } from './no-box'

/** What came of it, or what it looks like so far; before there is anything, how to begin. */
export function OutputStage() {
  const { generate, boxes } = useGeneration()
  // A job that changes is the same job: its player must not begin anew with each word about it.
  const ended = createMemo(() => {
    const job = generate.job()
    return job?.state === 'succeeded' ? job.id : undefined
  })
  const active = () => {
    const job = generate.job()
    return job && isActive(job) ? job : undefined
  }
  const over = () => {
    const job = generate.job()
    return job && (job.state === 'failed' || job.state === 'cancelled') ? job : undefined
  }
  const sending = () => {
    const phase = generate.phase()
    return phase.name === 'sending' ? phase : undefined
  }
  return (
    <div class="stage output">
      <Switch fallback={<FirstSteps />}>
        <Match when={sending()}>
          {(phase) => (
            <div class="curtain">
              <h2>Sending your files</h2>
              <div class="curtain-progress">{Math.floor(100 * phase().done)} %</div>
              <Meter label="Files sent" done={phase().done} />
            </div>
          )}
        </Match>
        <Match when={ended()} keyed>
          {(id) => (
            <Show when={generate.job()?.id === id && generate.job()}>
              {(job) => <JobResult job={job()} workflow={boxes.workflow(job().workflow)} />}
            </Show>
          )}
        </Match>
        <Match when={active()}>{(job) => <AtWork job={job()} />}</Match>
        <Match when={over()}>{(job) => <Over job={job()} />}</Match>
        <Match when={boxes.state.server === 'absent'}>
          <NoServer />
        </Match>
        <Match when={boxes.state.server === 'there' && !boxes.isAnyUp()}>
          <NoBox />
        </Match>
      </Switch>
    </div>
  )
}

function AtWork(props: { readonly job: JobView }) {
  const { generate } = useGeneration()
  const words = () => WORK[props.job.state]
  return (
    <Show
      when={props.job.state !== 'queued' && generate.preview()}
      fallback={
        <div class="curtain">
          <Show when={props.job.state !== 'queued'}>
            <span class="spinner" />
          </Show>
          <h2>{words()?.title}</h2>
          <p>{props.job.waiting?.reason ?? words()?.text}</p>
          <Show when={props.job.waiting?.missing}>{(missing) => <MissingList missing={missing()} />}</Show>
        </div>
      }
    >
      {(url) => (
        <>
          <img class="output-preview" src={url()} alt="Preview of the result so far" />
          <span class="chip output-chip">Preview</span>
        </>
      )}
    </Show>
  )
}

const WORK: Readonly<Partial<Record<JobView['state'], { title: string; text: string }>>> = {
  queued: {
    title: 'In the queue',
    text: 'It starts when a box has a place free. You may close this page: the job goes on without it.',
  },
  preparing: { title: 'Being prepared', text: 'The workflow is filled in and checked against the box.' },
  uploading: { title: 'Files on the way', text: 'The server hands your files to the box.' },
  running: {
    title: 'Running',
    text: 'Models are being loaded. A preview appears as soon as the box sends one; you may close this page.',
  },
  fetching: { title: 'Result on the way', text: 'The box is done. The server brings the result here.' },
}

function Over(props: { readonly job: JobView }) {
  return (
    <div class="curtain" role={props.job.state === 'failed' ? 'alert' : undefined}>
      <Show when={props.job.error} fallback={<h2>Cancelled</h2>}>
        {(error) => (
          <>
            <h2>It failed</h2>
            <p>{error().message}</p>
            <Show when={error().missing}>{(missing) => <MissingList missing={missing()} />}</Show>
          </>
        )}
      </Show>
    </div>
  )
}
