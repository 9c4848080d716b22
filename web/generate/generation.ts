import { createEffect, on } from 'solid-js'
import type { Consent } from '../consent/consent'
import { createBoxes } from '../edge/boxes'
import type { JobView } from '../edge/edge'
import { nameOf } from '../jobs/job-words'
import { createJobs } from '../jobs/jobs'
import { notify } from '../jobs/notify'
import type { Navigation } from '../navigation/navigation'
import type { SettingsStore } from '../settings/settings'
import type { Notices } from '../ui/notices'
import { createGenerate } from './generate'

export interface GenerationParts {
  readonly navigation: Navigation
  readonly settings: SettingsStore
  readonly consent: Consent
  readonly notices: Notices
  readonly complain: (error: unknown) => void
}

/** Work on boxes, from the sentence to the result: all stores of the pages Generate and Jobs, introduced to one another. */
export function createGeneration({ navigation, settings, consent, notices, complain }: GenerationParts) {
  const isShown = () => navigation.page() === 'generate' || navigation.page() === 'jobs'
  const boxes = createBoxes(isShown)
  createEffect(on(isShown, (shown) => shown && void boxes.look()))

  const ended = (job: JobView) => {
    const words = ENDS[job.state]
    if (!words) return // somebody cancelled it, and knows
    const name = nameOf(job)
    if (settings.settings.notifyOfJobs && document.hidden) void notify(words, name, job.id, '/jobs')
    const isSeen = isShown() && (navigation.page() === 'jobs' || generate.draft.jobId === job.id)
    if (isSeen) return
    const run = () => {
      generate.showJob(job.id)
      navigation.go('generate')
    }
    const tone = job.state === 'succeeded' ? 'done' : 'problem'
    notices.say(tone, { title: words, text: name }, { action: { label: 'Show', run }, forMs: 8000 })
  }
  const jobs = createJobs({ notices, complain, onEnded: ended })
  const generate = createGenerate({ boxes, jobs, consent, notices, complain })

  return { boxes, jobs, generate }
}

export type Generation = ReturnType<typeof createGeneration>

const ENDS: Readonly<Partial<Record<JobView['state'], string>>> = {
  succeeded: 'Your video is ready',
  failed: 'A job has failed',
}
