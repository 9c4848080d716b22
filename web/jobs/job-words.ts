import { roughly } from '../clips/times'
import type { JobStateName, JobView } from '../edge/edge'

export const ACTIVE = ['queued', 'preparing', 'uploading', 'running', 'fetching'] as const

export const isActive = ({ state }: Pick<JobView, 'state'>): boolean =>
  (ACTIVE as readonly JobStateName[]).includes(state)

/** What a job is called where there is one line for it: what was typed, or what it does. */
export const nameOf = ({ sentence, title }: Pick<JobView, 'sentence' | 'title'>): string =>
  sentence.trim() || title

/** The state of a job in a few words: for a list, and for screen readers, who hear each change. */
export function stateInWords(job: Pick<JobView, 'state' | 'box' | 'waiting' | 'cancelRequested'>): string {
  const on = job.box ? ` on ${job.box}` : ''
  if (job.cancelRequested && isActive(job)) return `Being cancelled${on}`
  switch (job.state) {
    case 'queued':
      return job.waiting ? 'Waiting' : 'In the queue'
    case 'preparing':
      return 'Being prepared'
    case 'uploading':
      return `Files on the way${job.box ? ` to ${job.box}` : ''}`
    case 'running':
      return `Running${on}`
    case 'fetching':
      return `Result on the way${job.box ? ` from ${job.box}` : ''}`
    case 'succeeded':
      return 'Done'
    case 'failed':
      return 'Failed'
    case 'cancelled':
      return 'Cancelled'
  }
}

/** How far it is: "Sampling, step 3 of 6 · 43 % · about 2 min left". Empty where nothing is known. */
export function progressInWords({ progress, etaMs }: Pick<JobView, 'progress' | 'etaMs'>): string {
  const parts: string[] = []
  if (progress?.doing) parts.push(progress.doing)
  if (progress) parts.push(`${Math.floor(100 * progress.fraction)} %`)
  if (etaMs !== undefined) parts.push(`${roughly(etaMs / 1000)} left`)
  return parts.join(' · ')
}
