/** Claims jobs as long as there are places on boxes, and works on as many at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Box } from '../comfy/boxes'
import type { ObjectInfo } from '../comfy/comfy'
import { isEnded } from './job'
import type { Claim, Jobs } from './jobs'
import { PATIENCE, type Patience, type RunParts } from './run/run'
import { sweeper } from './run/sweeping'
import { Troubles } from './run/troubles'
import { type RunContext, runJob } from './run-job'

export interface RunnerParts extends RunParts {
  readonly jobs: Jobs
}

export interface RunnerOptions {
  readonly patience?: Partial<Patience>
  /** How often to look for jobs whose time has come. */
  readonly tickMs?: number
  /** How often boxes are asked again what they have, while a job waits for something they lack. */
  readonly refreshMs?: number
}

/** Disposing it lets go of all jobs; prompts go on at their boxes, and are found there by whoever claims the jobs next. */
export type Runner = AsyncDisposable

/** Jobs that are told why they wait, at once, while no box answers. */
const TOLD_AT_ONCE = 4
/** Without a free place, a job that another server left behind is looked for this often. */
const STRAY_MS = 5_000
/** For the last words to the queue when the server closes. */
const CLOSING_MS = 3_000

export function startRunner(
  { jobs, boxes, workflows, files }: RunnerParts,
  { patience, tickMs = 1_000, refreshMs = 30_000 }: RunnerOptions = {},
): Runner {
  const closing = new AbortController()
  const running = new Set<Promise<void>>()
  const known = new Map<string, ObjectInfo>() // of the boxes that answer
  let undecided = 0
  let claiming: Promise<void> | undefined
  let again = false
  let strayMs = 0
  let refreshedMs = 0
  let isFailing = false
  const context: RunContext = {
    jobs,
    boxes,
    workflows,
    files,
    patience: { ...PATIENCE, ...patience },
    troubles: new Troubles(),
    doubtBoxes: refresh,
  }

  const left = sweeper(jobs, boxes, context.patience.cancelMs)
  const hearing = jobs.watch((event) => {
    if (event.kind !== 'changed') return
    if (isEnded(event.job)) context.troubles.forget(event.job.id)
    else if (event.job.state.name === 'queued') claimMore()
  })
  const watching = boxes.watch(lookAtBoxes)
  const ticking = setInterval(() => {
    for (const { name, health } of boxes.list) if (health.name === 'up') sweep(name)
    claimMore()
  }, tickMs)
  lookAtBoxes()

  return {
    async [Symbol.asyncDispose]() {
      closing.abort()
      clearInterval(ticking)
      hearing[Symbol.dispose]()
      watching[Symbol.dispose]()
      const last = Promise.allSettled([claiming, ...running])
      await Promise.race([last, sleep(CLOSING_MS, undefined, { ref: false })])
    },
  }

  /** Claims until there is nothing to claim, or no place for it. One at a time: whoever asks meanwhile is heard after it. */
  function claimMore(): void {
    again = true
    if (claiming || closing.signal.aborted) return
    claiming = claimAll().finally(() => {
      claiming = undefined
      if (again && !isFailing) claimMore() // somebody asked at the very end
    })
  }

  async function claimAll(): Promise<void> {
    try {
      while (again && !closing.signal.aborted) {
        again = false
        while (!closing.signal.aborted && roomFor(boxes.list) - undecided > 0) {
          const claim = await jobs.claim()
          if (!claim) break
          if (closing.signal.aborted) await claim.release()
          else start(claim)
        }
        if (roomFor(boxes.list) <= 0) await findStray()
      }
      isFailing = false
    } catch (error) {
      if (!isFailing && !closing.signal.aborted) console.error('No job could be claimed:', error)
      isFailing = true // said once; the next tick tries again
    }
  }

  /** A job in work whose server died needs no place of ours to be looked after, and perhaps cancelled. */
  async function findStray(): Promise<void> {
    if (boxes.list.length === 0 || Date.now() - strayMs < STRAY_MS) return
    strayMs = Date.now()
    const claim = await jobs.claim()
    if (claim && claim.job.state.name === 'queued' && !claim.job.cancelRequested) await claim.release()
    else if (claim) start(claim)
  }

  function start(claim: Claim): void {
    undecided += 1
    let isDecided = false
    const decided = () => {
      if (isDecided) return
      isDecided = true
      undecided -= 1
      claimMore()
    }
    const run = runJob(claim, context, decided, closing.signal).finally(() => {
      running.delete(run)
      decided()
      claimMore()
    })
    running.add(run)
    // It has its place by now, and needs none of those that are free.
    if (claim.job.state.name === 'running' || claim.job.state.name === 'fetching') decided()
  }

  /** Boxes that came, or have other nodes and models than before, are worth a try for every job that waits. */
  function lookAtBoxes(): void {
    let isNews = false
    for (const { name, health } of boxes.list) {
      if (health.name !== 'up') known.delete(name)
      else if (known.get(name) !== health.objectInfo) {
        known.set(name, health.objectInfo)
        isNews = true
        sweep(name)
      }
    }
    if (isNews) void jobs.wake().then(claimMore, logUnlessClosing)
    else claimMore()
  }

  /** Asks boxes for their nodes and models again, not too often. */
  function refresh(): void {
    if (Date.now() - refreshedMs < refreshMs) return
    refreshedMs = Date.now()
    boxes.refresh(closing.signal).catch(logUnlessClosing)
  }

  function sweep(box: string): void {
    if (!closing.signal.aborted) left.sweep(box, closing.signal).catch(logUnlessClosing)
  }

  function logUnlessClosing(error: unknown): void {
    const isSaid = error instanceof Error && error.name === 'QueueUnavailableError' // when claiming failed
    if (!closing.signal.aborted && !isSaid) console.error(error)
  }
}

/** How many more jobs the boxes can take; a few where none answers, so that they are told. */
function roomFor(list: readonly Box[]): number {
  const up = list.filter(({ health }) => health.name === 'up')
  if (up.length > 0) {
    return up.reduce((sum, { concurrency, taken }) => sum + Math.max(0, concurrency - taken), 0)
  }
  const isAsking = list.some(({ health }) => health.name === 'unknown')
  return isAsking ? 0 : TOLD_AT_ONCE
}
