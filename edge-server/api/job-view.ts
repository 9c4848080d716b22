/** A job as the browser sees it. */
import type { Job, JobRequest, Missing, Prompt } from '../jobs/job'
import type { Progress } from '../jobs/jobs'
import type { Workflows } from '../workflows/workflow'
import type { JobView } from './schemas'

export interface Shown {
  readonly progress: Progress | undefined
  readonly etaMs: number | undefined
  /** Something can be shown at the job's thumbnail. */
  readonly hasThumbnail: boolean
}

/** The job with what is known of it now; nothing in it names a place on a disk or the address of a box. */
export function jobView(job: Job, workflows: Workflows, { progress, etaMs, hasThumbnail }: Shown): JobView {
  const { id, request, state, version, cancelRequested, addedMs, changedMs, startedMs, endedMs } = job
  const { workflow, tier, inputs, parameters, sentence } = request
  const url = `/api/jobs/${encodeURIComponent(id)}`
  const box = boxOf(job)
  return {
    id,
    workflow,
    title: workflows.find(workflow)?.card.title ?? workflow,
    sentence,
    tier,
    inputs,
    parameters,
    state: state.name,
    version,
    ...(state.name === 'queued' && state.waiting ? { waiting: withMissing(state.waiting) } : {}),
    ...(state.name === 'failed' ? { error: withMissing(state.error) } : {}),
    ...(box === undefined ? {} : { box }),
    ...(progress ? { progress: { fraction: progress.fraction, doing: progress.doing } } : {}),
    ...(etaMs === undefined ? {} : { etaMs }),
    results:
      state.name === 'succeeded'
        ? state.results.map(({ output, type, bytes }) => ({
            output,
            type,
            bytes,
            url: `${url}/result?output=${encodeURIComponent(output)}`,
          }))
        : [],
    ...(hasThumbnail ? { thumbnailUrl: `${url}/thumbnail` } : {}),
    cancelRequested,
    addedMs,
    changedMs,
    ...(startedMs === undefined ? {} : { startedMs }),
    ...(endedMs === undefined ? {} : { endedMs }),
  }
}

/** The box a job is on, and its prompt there once it was sent. */
function boxOf({ state }: Job): Prompt['box'] | undefined {
  if (state.name === 'uploading') return state.box
  return state.name === 'running' || state.name === 'fetching' ? state.prompt.box : undefined
}

/** Lists of answers are plain arrays: they are about to be JSON. */
function withMissing<T extends { readonly missing?: readonly Missing[] }>({ missing, ...rest }: T) {
  return { ...rest, ...(missing ? { missing: [...missing] } : {}) }
}

/** The first picture a job was given, which stands for it where there is no preview. */
export function firstImage(request: JobRequest, workflows: Workflows): string | undefined {
  const declared = workflows.find(request.workflow)?.card.inputs ?? []
  const name = declared.find(({ name, kind }) => kind === 'image' && request.inputs[name])?.name
  return name === undefined ? undefined : request.inputs[name]
}
