/** One claimed job, from whatever state it is in to its end, or back into the queue. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Claim } from './jobs'
import { cancelJob } from './run/cancelling'
import { isFull } from './run/disk'
import { fetchResults } from './run/fetching'
import { followPrompt } from './run/following'
import { fail, type Patience, type Run, type RunParts, type Step } from './run/run'
import { sendJob } from './run/sending'
import { backoffMs, type Troubles } from './run/troubles'

/** What nobody expected is borne this often before the job fails. */
const MAX_SURPRISES = 4
/** A surprise that is older is forgotten: a job may take hours. */
const FORGIVE_MS = 600_000

export interface RunContext extends RunParts {
  readonly patience: Patience
  readonly troubles: Troubles
  /** Boxes may know less, or more, than they said: they are asked again. */
  readonly doubtBoxes: () => void
}

/**
 * Ends when the job has ended, waits in the queue, or is somebody else's; never rejects. Gives the claim back when `closing` aborts.
 * `decided` is called once the job has a place on a box.
 */
export async function runJob(
  claim: Claim,
  { patience, troubles, doubtBoxes, ...parts }: RunContext,
  decided: () => void,
  closing: AbortSignal,
): Promise<void> {
  const halt = AbortSignal.any([closing, claim.lost])
  const signal = AbortSignal.any([halt, claim.cancelled])
  const given = { claim, parts, patience, troubles, doubtBoxes, halt, signal }
  const run: Run = { ...given, place: undefined, isUncertain: false, built: undefined, outcome: undefined }
  try {
    for (let surprises = 0, lastMs = 0; ; ) {
      try {
        return await carry(run, decided)
      } catch (error) {
        if (halt.aborted || isNamed(error, 'LostClaimError')) return
        if (isPassing(error)) {
          await sleep(patience.diskMs, undefined, { signal: halt })
          continue
        }
        console.error(`Job ${claim.job.id} met something unexpected:`, error)
        surprises = Date.now() - lastMs < FORGIVE_MS ? surprises + 1 : 1
        lastMs = Date.now()
        if (surprises >= MAX_SURPRISES) {
          const message = 'This server failed on the job; its log says why. Retry it when that is mended.'
          await fail(run, { name: 'Internal', message })
          return
        }
        await sleep(backoffMs(surprises, patience.retryMs), undefined, { signal: halt })
      }
    }
  } catch (error) {
    if (!halt.aborted) console.error(`Job ${claim.job.id} is let go of as it is:`, error)
  } finally {
    run.place?.[Symbol.dispose]()
    await claim.release().catch((error: unknown) => console.error('A claim was not released:', error))
  }
}

/** From state to state, until the job is over for this run. */
async function carry(run: Run, decided: () => void): Promise<void> {
  try {
    for (let step: Step = 'next'; step === 'next'; ) {
      run.signal.throwIfAborted()
      step = await next(run, decided)
    }
  } catch (error) {
    if (run.halt.aborted || !run.claim.cancelled.aborted || isNamed(error, 'LostClaimError')) throw error
    await cancelJob(run)
  }
}

function next(run: Run, decided: () => void): Promise<Step> | Step {
  switch (run.claim.job.state.name) {
    case 'queued':
    case 'preparing':
    case 'uploading':
      return sendJob(run, decided)
    case 'running':
      return followPrompt(run)
    case 'fetching':
      return fetchResults(run)
    default:
      return 'over'
  }
}

/** The disk of the queue is full, or Redis is away: nothing is wrong with the job, and its state is safe where it is. */
const isPassing = (error: unknown) => isFull(error) || isNamed(error, 'QueueUnavailableError')

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name
