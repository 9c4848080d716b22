/**
 * The queue and its history, whatever keeps them: one SQLite file, or Redis shared by several servers. Calls throw errors named
 * DiskFullError (nothing was changed), QueueUnavailableError (Redis is away, or the file is locked: try again) and
 * QueueClosedError.
 */
import type { Job, JobRequest, Move, Prompt, StateName } from './job'

/** How far a running job is. Not part of its history; the last one is kept while it runs. */
export interface Progress {
  /** 0..1 of the whole prompt; it never goes back while a prompt runs. */
  readonly fraction: number
  /** What is done now, for people: "Sampling, step 3 of 6". */
  readonly doing: string
  readonly atMs: number
}

export interface Preview {
  readonly type: 'image/jpeg' | 'image/png'
  readonly bytes: Uint8Array
}

export type JobEvent =
  | { readonly kind: 'changed'; readonly job: Job }
  | { readonly kind: 'progress'; readonly id: string; readonly progress: Progress }
  | { readonly kind: 'preview'; readonly id: string; readonly preview: Preview }
  | { readonly kind: 'removed'; readonly id: string }

/** A job that this server works on. The claim renews itself until it is released, ended by a last move, or lost. */
export interface Claim {
  /** The job as of the last move. */
  readonly job: Job
  /** Aborts when another server took the job over, because this one did not answer in time: stop touching it. */
  readonly lost: AbortSignal
  /** Aborts when somebody asks for the job's end (at once, where they had asked before). */
  readonly cancelled: AbortSignal
  /**
   * Writes the move down, then tells everyone. A move to an ended state or to 'queued' releases the claim.
   * Throws errors named IllegalMoveError or LostClaimError.
   */
  move(move: Move): Promise<Job>
  report(progress: Progress): void
  preview(preview: Preview): void
  /** Gives the job back as it is, so that any server can go on with it at once. */
  release(): Promise<void>
}

export interface JobFilter {
  readonly states?: readonly StateName[]
  /** Only jobs added before this one; for the next page. */
  readonly before?: string
  /** At most this many. */
  readonly limit: number
}

export interface Jobs {
  /** Queues a job. The same key again gives the job it made, where that is still known. */
  add(request: JobRequest, idempotencyKey?: string): Promise<{ readonly job: Job; readonly isNew: boolean }>
  find(id: string): Promise<Job | undefined>
  /** Newest first. */
  list(filter: JobFilter): Promise<readonly Job[]>
  counts(): Promise<Readonly<Record<StateName, number>>>
  /** The last progress of a running job, reported by whichever server runs it. */
  progress(id: string): Promise<Progress | undefined>
  /**
   * The next job to work on: one in an active state that nobody holds (its server died), else the queued one whose time came
   * first. No two servers ever hold one job.
   */
  claim(): Promise<Claim | undefined>
  /** A queued job is cancelled at once; one that a server holds is asked to end. An ended one stays as it is. Unknown: undefined. */
  cancel(id: string): Promise<Job | undefined>
  /** Queues a failed or cancelled job again. Throws IllegalMoveError from other states. Unknown: undefined. */
  retry(id: string): Promise<Job | undefined>
  /** Forgets an ended job. Throws IllegalMoveError where it has not ended. Unknown: undefined. */
  remove(id: string): Promise<Job | undefined>
  /** Makes queued jobs that wait for a box claimable now: a box has come back. */
  wake(): Promise<void>
  /** Hears what happens to any job, on whichever server. */
  watch(listener: (event: JobEvent) => void): Disposable
  /** Prompts that were left on a box that did not answer; to be taken off when it answers again. */
  readonly abandoned: {
    add(prompt: Prompt): Promise<void>
    on(box: string): Promise<readonly string[]> // prompt ids
    remove(prompt: Prompt): Promise<void>
  }
  /** Releases what this server holds and closes. */
  close(): Promise<void>
}
