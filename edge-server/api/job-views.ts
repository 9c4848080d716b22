/** Jobs as they are shown, with what this server has heard of each: progress, time left, preview. */
import { isEnded, type Job } from '../jobs/job'
import type { Jobs, Preview, Progress } from '../jobs/jobs'
import type { Workflows } from '../workflows/workflow'
import { firstImage, jobView } from './job-view'
import type { JobView } from './schemas'
import type { Thumbnails } from './thumbnails'
import type { TimeLeft } from './time-left'

export interface JobViews extends Disposable {
  /** From what was heard so far. */
  now(job: Job): JobView
  /** Asks the queue for progress that was reported before this server listened. */
  of(job: Job): Promise<JobView>
  timeLeftMs(id: string, progress: Progress): number | undefined
  preview(id: string): Promise<Preview | undefined>
}

interface Heard {
  job: Job | undefined
  progress: Progress | undefined
  preview: Preview | undefined
}

interface Parts {
  readonly jobs: Jobs
  readonly workflows: Workflows
  readonly timeLeft: TimeLeft
  readonly thumbnails: Thumbnails
}

/** Listens for as long as it is not disposed; keeps something only of jobs that run. */
export function openJobViews({ jobs, workflows, timeLeft, thumbnails }: Parts): JobViews {
  const heard = new Map<string, Heard>()

  function of(id: string): Heard {
    const known = heard.get(id)
    if (known) return known
    const none: Heard = { job: undefined, progress: undefined, preview: undefined }
    heard.set(id, none)
    return none
  }

  const watching = jobs.watch((event) => {
    if (event.kind === 'removed') heard.delete(event.id)
    else if (event.kind === 'progress') of(event.id).progress = event.progress
    else if (event.kind === 'preview') of(event.id).preview = event.preview
    else if (isAtWork(event.job)) of(event.job.id).job = event.job
    else heard.delete(event.job.id)
  })

  function view(job: Job, progress: Progress | undefined): JobView {
    const shown = isAtWork(job) ? progress : undefined
    return jobView(job, workflows, {
      progress: shown,
      etaMs: roundMs(timeLeft.of(job, shown, Date.now())),
      hasThumbnail: thumbnails.has(job.id) || firstImage(job.request, workflows) !== undefined,
    })
  }

  return {
    now: (job) => view(job, heard.get(job.id)?.progress),
    async of(job) {
      if (!isAtWork(job)) return view(job, undefined)
      const known = of(job.id)
      known.job ??= job // it runs since before this server listened
      return view(job, known.progress ?? (await jobs.progress(job.id)))
    },
    timeLeftMs(id, progress) {
      const job = heard.get(id)?.job
      return job && roundMs(timeLeft.of(job, progress, Date.now()))
    },
    preview: async (id) => heard.get(id)?.preview ?? thumbnails.read(id),
    [Symbol.dispose]: () => watching[Symbol.dispose](),
  }
}

const isAtWork = (job: Job): boolean => !isEnded(job) && job.state.name !== 'queued'
const roundMs = (ms: number | undefined) => (ms === undefined ? undefined : Math.round(ms))
