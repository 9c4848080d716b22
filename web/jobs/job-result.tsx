import { For, Show } from 'solid-js'
import { fileUrl, type JobView, type WorkflowView } from '../edge/edge'
import { ComparePlayer } from '../generate/compare-player'
import { nameOf } from './job-words'

/** The video a job was made from, where it had one: the first that its workflow takes. */
export function beforeOf(job: JobView, workflow: WorkflowView | undefined): string | undefined {
  const input = workflow?.inputs.find(({ kind, name }) => kind === 'video' && job.inputs[name])
  const id = input && job.inputs[input.name]
  return id ? fileUrl(id) : undefined
}

/** What a job made: a video to play and compare, or a picture. */
export function JobResult(props: { readonly job: JobView; readonly workflow: WorkflowView | undefined }) {
  const first = () => props.job.results[0]
  const others = () => props.job.results.slice(1)
  return (
    <div class="job-result">
      <Show when={first()} keyed>
        {({ url, type }) => (
          <Show
            when={!type.startsWith('image/')}
            fallback={<img class="job-picture" src={url} alt={nameOf(props.job)} />}
          >
            <ComparePlayer result={url} before={beforeOf(props.job, props.workflow)} label="Result" />
          </Show>
        )}
      </Show>
      <Show when={others().length > 0}>
        <ul class="job-others">
          <For each={others()}>
            {({ output, url }) => (
              <li>
                <a href={url} target="_blank" rel="noreferrer">
                  {output}
                </a>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  )
}
