/** A job, the states it can be in, and every move between them. Nothing else makes a job from a job. */

/** What a person asked for, checked against the workflow's declaration before it becomes a job. */
export interface JobRequest {
  readonly workflow: string
  readonly tier: QualityTier
  /** Ids of stored files, by the names of the workflow's inputs. */
  readonly inputs: Readonly<Record<string, string>>
  /** Values by the names of the workflow's parameters. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>
  /** What was typed, for the list of jobs. */
  readonly sentence: string
}

export const QUALITY_TIERS = ['fast', 'standard', 'high'] as const
export type QualityTier = (typeof QUALITY_TIERS)[number]

/** A finished file of a job. */
export interface JobResult {
  /** Name of the workflow's output. */
  readonly output: string
  /** Id of the stored file. */
  readonly file: string
  readonly type: string // MIME
  readonly bytes: number
}

/** Something a box lacks for a workflow, and how to get it. */
export interface Missing {
  readonly kind: 'node' | 'model'
  /** Node class, or the model's file name. */
  readonly name: string
  /** One sentence: where to get it and where to put it. */
  readonly how: string
}

export interface JobError {
  readonly name:
    | 'BoxRefused' // the box turned the workflow down
    | 'BoxFailed' // a node failed on the box
    | 'BoxLost' // the box died, and the job was already submitted again once
    | 'InputGone' // an input file is no longer stored
    | 'WorkflowGone' // the workflow is no longer installed, or its declaration changed
    | 'NoResult' // the box finished and left no file
    | 'DiskFull'
    | 'Interrupted' // somebody interrupted it on the box
    | 'Internal'
  /** Sentences a person understands: what happened, and what to do next. Never a server's path or traceback. */
  readonly message: string
  readonly missing?: readonly Missing[]
}

/** Where a prompt is on a box. Written down before it is sent, so that it is found again after a crash. */
export interface Prompt {
  readonly box: string // name of the box
  readonly promptId: string // lower-case UUID, ours
}

export type JobState =
  /** `waiting` says why it does not start although it could: no box, missing models. Not claimed before `notBeforeMs`. */
  | { readonly name: 'queued'; readonly waiting?: Waiting; readonly notBeforeMs: number }
  | { readonly name: 'preparing' }
  | { readonly name: 'uploading'; readonly box: string }
  | { readonly name: 'running'; readonly prompt: Prompt }
  | { readonly name: 'fetching'; readonly prompt: Prompt }
  | { readonly name: 'succeeded'; readonly results: readonly JobResult[] }
  | { readonly name: 'failed'; readonly error: JobError }
  | { readonly name: 'cancelled' }

export interface Waiting {
  readonly reason: string // a sentence
  readonly missing?: readonly Missing[]
}

export type StateName = JobState['name']
export const STATE_NAMES = [
  'queued',
  'preparing',
  'uploading',
  'running',
  'fetching',
  'succeeded',
  'failed',
  'cancelled',
] as const satisfies readonly StateName[]

export interface Job {
  readonly id: string // UUID
  readonly request: JobRequest
  readonly state: JobState
  /** Grows by one with each move, and when its end is asked for: two writers cannot both win. */
  readonly version: number
  /** How often a prompt was sent to a box since the job was queued by a person; at most 2. */
  readonly submissions: number
  /** Somebody wants it to end; whoever holds it ends it on the box first. */
  readonly cancelRequested: boolean
  readonly addedMs: number
  readonly changedMs: number
  /** When it last left and when it ended the state 'running', for estimates of time. */
  readonly startedMs: number | undefined
  readonly endedMs: number | undefined
}

export type Move =
  | { readonly kind: 'prepare' }
  | { readonly kind: 'upload'; readonly box: string }
  | { readonly kind: 'submit'; readonly promptId: string }
  | { readonly kind: 'fetch' }
  | { readonly kind: 'succeed'; readonly results: readonly JobResult[] }
  | { readonly kind: 'fail'; readonly error: JobError }
  /** Back into the queue: no box for it now, or its box was lost. One whose end was asked for is cancelled instead. */
  | { readonly kind: 'wait'; readonly waiting: Waiting; readonly untilMs: number }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'retry' }

/** From which states each move leads, and where to. */
export const MOVES = {
  prepare: { from: ['queued', 'preparing', 'uploading'], to: 'preparing' },
  upload: { from: ['preparing'], to: 'uploading' },
  submit: { from: ['uploading'], to: 'running' },
  fetch: { from: ['running'], to: 'fetching' },
  succeed: { from: ['fetching'], to: 'succeeded' },
  fail: { from: ['queued', 'preparing', 'uploading', 'running', 'fetching'], to: 'failed' },
  wait: { from: ['queued', 'preparing', 'uploading', 'running', 'fetching'], to: 'queued' },
  cancel: { from: ['queued', 'preparing', 'uploading', 'running', 'fetching'], to: 'cancelled' },
  retry: { from: ['failed', 'cancelled'], to: 'queued' },
} as const satisfies Record<Move['kind'], { from: readonly StateName[]; to: StateName }>

/** A prompt is sent at most this often: once, and once more where a box lost it. */
export const MAX_SUBMISSIONS = 2

export const isEnded = ({ state }: Job): boolean =>
  state.name === 'succeeded' || state.name === 'failed' || state.name === 'cancelled'

/** A new job, first in its life. */
export function newJob(id: string, request: JobRequest, nowMs: number): Job {
  return {
    id,
    request,
    state: { name: 'queued', notBeforeMs: nowMs },
    version: 1,
    submissions: 0,
    cancelRequested: false,
    addedMs: nowMs,
    changedMs: nowMs,
    startedMs: undefined,
    endedMs: undefined,
  }
}

/** The job after somebody asked for its end, while it is in work. */
export function cancelRequested(job: Job, nowMs: number): Job {
  return { ...job, version: job.version + 1, changedMs: nowMs, cancelRequested: true }
}

/** The job after a move. Throws an Error named IllegalMoveError where the move does not lead from the job's state. */
export function moved(job: Job, move: Move, nowMs: number): Job {
  const { from, to }: { from: readonly StateName[]; to: StateName } = MOVES[move.kind]
  if (move.kind === 'wait' && job.cancelRequested) return moved(job, { kind: 'cancel' }, nowMs)
  if (!from.includes(job.state.name))
    throw illegalMove(`A job that is ${job.state.name} cannot ${move.kind}.`)
  const next = { ...job, version: job.version + 1, changedMs: nowMs, state: stateAfter(job, move) }
  if (move.kind === 'submit') {
    if (job.submissions >= MAX_SUBMISSIONS) throw illegalMove('This job was submitted as often as it may be.')
    return { ...next, submissions: job.submissions + 1, startedMs: nowMs }
  }
  if (move.kind === 'retry') {
    return { ...next, submissions: 0, cancelRequested: false, startedMs: undefined, endedMs: undefined }
  }
  return to === 'succeeded' || to === 'failed' || to === 'cancelled' ? { ...next, endedMs: nowMs } : next

  function stateAfter({ state }: Job, step: Move): JobState {
    switch (step.kind) {
      case 'prepare':
        return { name: 'preparing' }
      case 'upload':
        return { name: 'uploading', box: step.box }
      case 'submit':
        if (state.name !== 'uploading') throw illegalMove('Only a job whose files are on a box is submitted.')
        return { name: 'running', prompt: { box: state.box, promptId: step.promptId } }
      case 'fetch':
        if (state.name !== 'running') throw illegalMove('Only a job that ran has something to fetch.')
        return { name: 'fetching', prompt: state.prompt }
      case 'succeed':
        return { name: 'succeeded', results: step.results }
      case 'fail':
        return { name: 'failed', error: step.error }
      case 'wait':
        return { name: 'queued', waiting: step.waiting, notBeforeMs: step.untilMs }
      case 'cancel':
        return { name: 'cancelled' }
      case 'retry':
        return { name: 'queued', notBeforeMs: nowMs }
    }
  }
}

export function illegalMove(message: string): Error {
  return Object.assign(new Error(message), { name: 'IllegalMoveError' })
}
