/** A job in work: what the steps from its claim to its end share. */
import type { Boxes, Place } from '../../comfy/boxes'
import type { Outcome } from '../../comfy/comfy'
import type { Files } from '../../files/files'
import type { BuiltGraph, Workflows } from '../../workflows/workflow'
import type { JobError, Prompt, Waiting } from '../job'
import type { Claim, Jobs } from '../jobs'
import type { Troubles } from './troubles'

export interface RunParts {
  readonly jobs: Pick<Jobs, 'abandoned' | 'counts' | 'progress'>
  readonly boxes: Boxes
  readonly workflows: Workflows
  readonly files: Files
}

/** How long to wait before going on in another way. */
export interface Patience {
  /** A box that is silent for longer loses its prompt to another box, where one can take it. */
  readonly boxMs: number
  /** Between the two questions after a prompt that its box does not know. */
  readonly askAgainMs: number
  /** Until a job that no box can take is looked at again. Boxes that change are noticed at once. */
  readonly waitMs: number
  /** Before a failed call is made again; doubles from one failure to the next, up to 16 times as long. */
  readonly retryMs: number
  /** For a cancelled prompt to leave its box; what stays longer is taken off later. */
  readonly cancelMs: number
  /** Between attempts to store a result on a disk that is full. */
  readonly diskMs: number
}

export const PATIENCE: Patience = {
  boxMs: 60_000,
  askAgainMs: 2_000,
  waitMs: 30_000,
  retryMs: 1_000,
  cancelMs: 20_000,
  diskMs: 10_000,
}

export interface Run {
  readonly claim: Claim
  readonly parts: RunParts
  readonly patience: Patience
  readonly troubles: Troubles
  /** Aborts when the job is to be let go of as it is: the server closes, or another one has it. */
  readonly halt: AbortSignal
  /** Aborts with `halt`, and when somebody cancels the job. */
  readonly signal: AbortSignal
  /** Where the job is or will be; given back when the run is over. */
  place: Place | undefined
  /** The prompt was sent and its box has not said that it took it: it may still come to that. */
  isUncertain: boolean
  /** What was sent, where this server sent it or could build it again. */
  built: BuiltGraph | undefined
  /** How the prompt ended, once that is known. */
  outcome: Outcome | undefined
  /** Tells that boxes may know less, or more, than they said: they are asked again. */
  readonly doubtBoxes: () => void
}

/** What follows a step: the next one, by the job's state, or nothing, because the job ended or waits in the queue. */
export type Step = 'next' | 'over'

export async function fail({ claim }: Run, error: JobError): Promise<Step> {
  await claim.move({ kind: 'fail', error })
  return 'over'
}

/** Back into the queue, with the reason shown, until `delayMs` from now or until the boxes change. */
export async function wait({ claim, signal }: Run, waiting: Waiting, delayMs = 0): Promise<Step> {
  signal.throwIfAborted() // a job that somebody cancelled does not wait
  await claim.move({ kind: 'wait', waiting, untilMs: Date.now() + delayMs })
  return 'over'
}

/** Shows what a job does or waits for without ending its turn. */
export function tell({ claim }: Run, fraction: number, doing: string): void {
  claim.report({ fraction, doing, atMs: Date.now() })
}

/** The prompt of a job that was sent. */
export function promptOf({ claim }: Run): Prompt {
  const { state } = claim.job
  if (state.name === 'running' || state.name === 'fetching') return state.prompt
  throw new Error(`A job that is ${state.name} has no prompt`)
}
