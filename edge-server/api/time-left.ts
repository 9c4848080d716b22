/** How long jobs still take: from their progress, and from how long such jobs took before. */
import type { Job, JobRequest } from '../jobs/job'
import type { Jobs, Progress } from '../jobs/jobs'

export interface TimeLeft extends Disposable {
  /** Milliseconds until the job ends, from now; undefined where nothing says. Never negative. */
  of(job: Job, progress: Progress | undefined, nowMs: number): number | undefined
}

/** How long a job ran per unit of its work, by kind of job. */
type History = Map<string, number[]>

const REMEMBERED = 15 // of each kind
const READ_AT_START = 200

/** Below these a job's own progress says nothing: loading a model is not sampling. */
const MIN_FRACTION = 0.04
const MIN_ELAPSED_MS = 2000

/** Learns from jobs as they succeed, and from those the queue remembers. */
export function openTimeLeft(jobs: Jobs): TimeLeft {
  const history: History = new Map()
  const known = new Set<string>()

  /** The newest comes last. */
  function learn(job: Job): void {
    const took = runTimeMs(job)
    if (took === undefined || known.has(job.id)) return
    known.add(job.id)
    const key = kindOf(job)
    history.set(key, [...(history.get(key) ?? []), took / unitsOf(job)].slice(-REMEMBERED))
  }

  const watching = jobs.watch((event) => {
    if (event.kind === 'changed') learn(event.job)
    if (event.kind === 'removed') known.delete(event.id)
  })
  void jobs.list({ states: ['succeeded'], limit: READ_AT_START }).then(
    (ended) => ended.toReversed().forEach(learn),
    (error: unknown) => console.error('The times of earlier jobs could not be read.', error),
  )

  return {
    of(job, progress, nowMs) {
      const perUnit = median(history.get(kindOf(job)) ?? [])
      return timeLeftMs(job, progress, perUnit === undefined ? undefined : perUnit * unitsOf(job), nowMs)
    },
    [Symbol.dispose]: () => watching[Symbol.dispose](),
  }
}

/**
 * Milliseconds left of a job that took `usualMs` before. What is usual counts most at the start; the more of the job is done, the more
 * its own pace counts.
 */
export function timeLeftMs(
  { state, startedMs }: Job,
  progress: Progress | undefined,
  usualMs: number | undefined,
  nowMs: number,
): number | undefined {
  if (state.name === 'preparing' || state.name === 'uploading') return usualMs
  if ((state.name !== 'running' && state.name !== 'fetching') || startedMs === undefined) return undefined
  const fraction = Math.min(1, Math.max(0, progress?.fraction ?? 0))
  const elapsedMs = Math.max(0, (progress?.atMs ?? nowMs) - startedMs)
  const sinceMs = progress ? Math.max(0, nowMs - progress.atMs) : 0
  const tells = fraction >= MIN_FRACTION && elapsedMs >= MIN_ELAPSED_MS
  if (usualMs === undefined) {
    return tells ? Math.max(0, (elapsedMs / fraction) * (1 - fraction) - sinceMs) : undefined
  }
  if (!tells) return elapsedMs + sinceMs < usualMs ? usualMs - elapsedMs - sinceMs : undefined
  // (1 - f) of what is usual and f of its own pace, elapsed / f: of that, 1 - f is left.
  return Math.max(0, (1 - fraction) * ((1 - fraction) * usualMs + elapsedMs) - sinceMs)
}

/** Parameters that say how much there is to do, whatever the unit. */
const AMOUNTS = ['frames', 'length', 'durationS', 'duration', 'seconds'] as const

/** Jobs whose times can be compared. Those that say how much there is to do are not compared with those that leave it open. */
function kindOf({ request }: Job): string {
  return [request.tier, amountOf(request)?.name ?? '', request.workflow].join(' ')
}

const unitsOf = ({ request }: Job): number => amountOf(request)?.amount ?? 1

function amountOf({
  parameters,
}: JobRequest): { readonly name: string; readonly amount: number } | undefined {
  for (const name of AMOUNTS) {
    const amount = parameters[name]
    if (typeof amount === 'number' && amount > 0) return { name, amount }
  }
  return undefined
}

function runTimeMs({ state, startedMs, endedMs }: Job): number | undefined {
  if (state.name !== 'succeeded' || startedMs === undefined || endedMs === undefined) return undefined
  return endedMs > startedMs ? endedMs - startedMs : undefined
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  const lower = sorted[middle - 1]
  if (upper === undefined) return undefined
  return sorted.length % 2 === 1 || lower === undefined ? upper : (lower + upper) / 2
}
