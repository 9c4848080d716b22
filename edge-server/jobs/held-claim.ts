/** A claim as its own server sees it, whatever keeps the queue. */
import type { Job, Move } from './job'
import type { Claim, Preview, Progress } from './jobs'

/** The queue behind a claim. */
export interface Keeper {
  /** Throws an Error named LostClaimError where `token` no longer holds the job. */
  move(job: Job, token: string, move: Move): Promise<Job>
  release(job: Job, token: string): Promise<void>
  report(id: string, progress: Progress): void
  preview(id: string, preview: Preview): void
  /** The claim is over, for whatever reason. */
  over(claim: HeldClaim): void
}

export interface HeldClaim extends Claim {
  readonly token: string
  /** The job changed while it was held: somebody may have asked for its end. */
  hear(job: Job): void
  /** Another server has it now, or this one closes. */
  lose(): void
}

export function heldClaim(first: Job, token: string, keeper: Keeper): HeldClaim {
  let job = first
  let isOver = false
  const lost = new AbortController()
  const cancelled = new AbortController()

  const claim: HeldClaim = {
    token,
    get job() {
      return job
    },
    lost: lost.signal,
    cancelled: cancelled.signal,
    async move(move) {
      if (isOver) throw lostClaim(job.id)
      try {
        claim.hear(await keeper.move(job, token, move))
      } catch (error) {
        if (error instanceof Error && error.name === 'LostClaimError') claim.lose()
        throw error
      }
      if (!isHeldIn(job)) end()
      return job
    },
    report(progress) {
      if (!isOver) keeper.report(job.id, progress)
    },
    preview(preview) {
      if (!isOver) keeper.preview(job.id, preview)
    },
    async release() {
      if (isOver) return
      isOver = true
      try {
        await keeper.release(job, token)
      } finally {
        keeper.over(claim)
      }
    },
    hear(changed) {
      // News may overtake one another; only the newer one counts.
      if (changed.version > job.version) job = changed
      if (changed.cancelRequested) cancelled.abort()
    },
    lose() {
      if (isOver) return
      end()
      lost.abort()
    },
  }
  if (first.cancelRequested) cancelled.abort()
  return claim

  function end(): void {
    isOver = true
    keeper.over(claim)
  }
}

/** A claim lasts through the states in which a job is worked on. */
export function isHeldIn({ state }: Job): boolean {
  return (
    state.name === 'preparing' ||
    state.name === 'uploading' ||
    state.name === 'running' ||
    state.name === 'fetching'
  )
}

export function lostClaim(id: string): Error {
  return Object.assign(new Error(`Job ${id} is no longer held by this server.`), { name: 'LostClaimError' })
}
