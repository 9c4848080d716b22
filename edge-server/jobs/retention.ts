/** Keeps the disk from filling up: ended jobs and files that nobody needs go by age, and the oldest results by size. */
import type { Files, StoredFile } from '../files/files'
import type { Uploads } from '../files/uploads'
import { isEnded, type Job } from './job'
import type { Jobs } from './jobs'

interface Parts {
  readonly jobs: Jobs
  readonly files: Files
  readonly uploads?: Pick<Uploads, 'sweep'>
}

export interface RetentionLimits {
  /** Ended jobs go when they ended longer ago. */
  readonly keepMs: number
  /** While files take more, the job that ended first goes, with what came out of it. */
  readonly keepBytes: number
  /** A file that no job names stays this long after it was last sent. Default a day. */
  readonly unusedMs?: number
  /** A job that ended within it stays whatever the size, so that somebody can fetch the result. Default an hour. */
  readonly graceMs?: number
  /** Between two rounds. Default an hour. */
  readonly everyMs?: number
}

const hour = 3_600_000
const day = 24 * hour
const pageSize = 200

/** Goes round at once and then every hour. Disposing ends a round in its middle, and waits until it has. */
export function startRetention(parts: Parts, limits: RetentionLimits): AsyncDisposable {
  const life = new AbortController()
  let round = Promise.resolve()
  function start(): void {
    round = round.then(async () => {
      try {
        await tidy(parts, limits, life.signal)
      } catch (error) {
        if (!life.signal.aborted) console.error(error) // the next round tries again
      }
    })
  }
  start()
  const timer = setInterval(start, limits.everyMs ?? hour)
  timer.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      life.abort()
      await round
    },
  }
}

/** One round. What a job needs that has not ended, or is kept, is never touched. */
export async function tidy(
  { jobs, files, uploads }: Parts,
  limits: RetentionLimits,
  signal: AbortSignal,
): Promise<void> {
  const { keepMs, keepBytes, unusedMs = day, graceMs = hour } = limits
  const nowMs = Date.now()
  await uploads?.sweep()
  // Files first: whatever a job names that is queued meanwhile is seen with the jobs.
  const stored = new Map<string, StoredFile>()
  for await (const file of files.list()) {
    signal.throwIfAborted()
    stored.set(file.id, file)
  }
  const all = await listAll(jobs, signal)
  const users = countUsers(all)
  let bytes = [...stored.values()].reduce((sum, file) => sum + file.bytes, 0)

  const endedFirst = all.filter(isEnded).sort((a, b) => endOf(a) - endOf(b))
  for (const job of endedFirst) {
    signal.throwIfAborted()
    const isOld = endOf(job) < nowMs - keepMs
    const isTooMuch = bytes > keepBytes && endOf(job) < nowMs - graceMs
    if (!isOld && !isTooMuch) continue
    if (!(await forget(jobs, job))) continue
    for (const id of named(job)) users.set(id, (users.get(id) ?? 1) - 1)
    for (const id of resultsOf(job)) await drop(id, nowMs)
    for (const id of inputsOf(job)) await drop(id, nowMs - unusedMs)
  }
  for (const id of stored.keys()) await drop(id, nowMs - unusedMs)

  /** Removes a file that no job names any more, unless it was added again since. */
  async function drop(id: string, addedBeforeMs: number): Promise<void> {
    signal.throwIfAborted()
    const file = stored.get(id)
    if (!file || (users.get(id) ?? 0) > 0 || file.addedMs >= addedBeforeMs) return
    await files.remove(id, addedBeforeMs)
    stored.delete(id)
    bytes -= file.bytes
  }
}

async function listAll(jobs: Jobs, signal: AbortSignal): Promise<readonly Job[]> {
  const all: Job[] = []
  for (;;) {
    signal.throwIfAborted()
    const before = all.at(-1)?.id
    const page = await jobs.list({ limit: pageSize, ...(before === undefined ? {} : { before }) })
    all.push(...page)
    if (page.length < pageSize) return all
  }
}

/** By how many jobs each file is named. */
function countUsers(all: readonly Job[]): Map<string, number> {
  const users = new Map<string, number>()
  for (const job of all) for (const id of named(job)) users.set(id, (users.get(id) ?? 0) + 1)
  return users
}

const endOf = (job: Job): number => job.endedMs ?? job.changedMs
const inputsOf = (job: Job): readonly string[] => Object.values(job.request.inputs)
const resultsOf = ({ state }: Job): readonly string[] =>
  state.name === 'succeeded' ? state.results.map(({ file }) => file) : []
/** Every file once, however often a job names it. */
const named = (job: Job): ReadonlySet<string> => new Set([...inputsOf(job), ...resultsOf(job)])

/** False where somebody queued it again meanwhile. */
async function forget(jobs: Jobs, { id }: Job): Promise<boolean> {
  try {
    await jobs.remove(id)
    return true
  } catch (error) {
    if (error instanceof Error && error.name === 'IllegalMoveError') return false
    throw error
  }
}
