import type { Compositor } from '../compositor/compositor'
import type { VideoOutput } from '../media/video-encoding'
import type { ClipJob } from './clip-job'

/**
 * What was decided when a job began. It holds for every segment, whichever day and browser it is made in, so that
 * segments fit together and a job that was broken off ends as it would have without.
 */
export interface JobPlan {
  /** The result's id in the library: finishing twice makes one item. */
  readonly libraryId: string
  readonly segmentFrames: number
  readonly compositor: Compositor['kind']
  /** How mp4 and webm are encoded; gif and png have frames losslessly first. */
  readonly video: VideoOutput | undefined
}

/** A job as it is stored: what everybody may know of it, and what only its thread needs. */
export interface JobRecord extends ClipJob {
  /** undefined until it has begun. */
  readonly plan: JobPlan | undefined
  /** How often the GPU was lost at work on it. */
  readonly gpuLosses: number
}

export function publicJob({ plan: _plan, gpuLosses: _losses, ...job }: JobRecord): ClipJob {
  return job
}
