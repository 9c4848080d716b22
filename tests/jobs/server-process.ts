/**
 * A server without its pages, as a process of its own that can be killed:
 *   server-process.mjs '{ "folder", "boxes", "death" }'
 * It works on whatever is in the folder's queue, and dies by SIGKILL at the moment it was given.
 */
import type { BoxConfig } from '../../edge-server/comfy/boxes'
import type { Move, StateName } from '../../edge-server/jobs/job'
import type { Claim, Jobs } from '../../edge-server/jobs/jobs'
import { openRedisJobs } from '../../edge-server/jobs/redis-jobs'
import { openServer } from './server-parts'

/** When a server dies of itself; others are killed from outside. */
export type Death =
  | { readonly at: 'before' | 'after'; readonly move: Move['kind'] }
  /** With the nth report of progress in a state. */
  | { readonly at: 'report'; readonly state: StateName; readonly nth: number }

export interface ProcessPlan {
  readonly folder: string
  readonly boxes: readonly BoxConfig[]
  readonly death?: Death
  readonly leaseMs?: number
  /** The queue is there, not in the folder. */
  readonly redisUrl?: string
}

const die = () => void process.kill(process.pid, 'SIGKILL')

function mortal(jobs: Jobs, death: Death): Jobs {
  let reports = 0
  const mortalClaim = (claim: Claim): Claim => ({
    get job() {
      return claim.job
    },
    lost: claim.lost,
    cancelled: claim.cancelled,
    async move(move) {
      if (death.at === 'before' && death.move === move.kind) die()
      const job = await claim.move(move)
      if (death.at === 'after' && death.move === move.kind) die()
      return job
    },
    report(progress) {
      claim.report(progress)
      if (death.at === 'report' && death.state === claim.job.state.name && ++reports === death.nth) die()
    },
    preview: (preview) => claim.preview(preview),
    release: () => claim.release(),
  })
  return {
    ...jobs,
    async claim() {
      const claim = await jobs.claim()
      return claim && mortalClaim(claim)
    },
  }
}

const { folder, boxes, death, leaseMs, redisUrl }: ProcessPlan = JSON.parse(process.argv[2] ?? '')
const lease = leaseMs === undefined ? {} : { leaseMs }
await openServer(folder, boxes, {
  ...lease,
  ...(redisUrl === undefined ? {} : { jobs: await openRedisJobs(redisUrl, lease) }),
  ...(death ? { wrap: { jobs: (jobs) => mortal(jobs, death) } } : {}),
})
