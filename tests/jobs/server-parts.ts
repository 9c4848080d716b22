/** The inner half of the server as it is put together in the product: queue, boxes, workflows, files and runner on one data folder. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BoxConfig, Boxes } from '../../edge-server/comfy/boxes'
import { openBoxes } from '../../edge-server/comfy/open-boxes'
import type { Files, StoredFile } from '../../edge-server/files/files'
import { openFiles } from '../../edge-server/files/open-files'
import { isEnded, type Job, type StateName } from '../../edge-server/jobs/job'
import type { Jobs } from '../../edge-server/jobs/jobs'
import type { Patience } from '../../edge-server/jobs/run/run'
import { type RunnerOptions, startRunner } from '../../edge-server/jobs/runner'
import { openSqliteJobs } from '../../edge-server/jobs/sqlite-jobs'
import { openWorkflows } from '../../edge-server/workflows/open-workflows'
import type { Workflows } from '../../edge-server/workflows/workflow'
import { writeToys } from './toys'

export interface ServerParts extends AsyncDisposable {
  readonly jobs: Jobs
  readonly boxes: Boxes
  readonly files: Files
  readonly workflows: Workflows
}

export interface ServerOptions {
  readonly leaseMs?: number
  readonly healthMs?: number
  readonly runner?: RunnerOptions
  /** Where files are kept, if not in the data folder. */
  readonly filesFolder?: string
  /** Bytes of the disk that are left to others. */
  readonly spareBytes?: number
  /** Another queue than the folder's SQLite file. */
  readonly jobs?: Jobs
  /** What the runner is given in place of a part. */
  readonly wrap?: { readonly jobs?: (jobs: Jobs) => Jobs; readonly files?: (files: Files) => Files }
}

/** Short enough for a test, long enough for a busy machine. */
export const BRISK: Patience = {
  boxMs: 800,
  askAgainMs: 150,
  waitMs: 1_000,
  retryMs: 50,
  cancelMs: 5_000,
  diskMs: 50,
}

export async function openServer(
  folder: string,
  boxConfigs: readonly BoxConfig[],
  {
    leaseMs = 3_000,
    healthMs = 100,
    runner,
    jobs: given,
    wrap = {},
    filesFolder,
    spareBytes,
  }: ServerOptions = {},
): Promise<ServerParts> {
  const workflowFolder = join(folder, 'workflows')
  await mkdir(folder, { recursive: true })
  await writeToys(workflowFolder)
  const workflows = await openWorkflows(workflowFolder)
  if (workflows.faults.length > 0) throw new Error(workflows.faults.join('\n'))
  const files = await openFiles(filesFolder ?? join(folder, 'files'), {
    quotaBytes: 2 ** 33,
    ...(spareBytes === undefined ? {} : { spareBytes }),
  })
  const jobs = given ?? openSqliteJobs(join(folder, 'jobs.sqlite'), { leaseMs })
  const boxes = openBoxes(boxConfigs, { healthMs })
  const parts = { jobs: wrap.jobs?.(jobs) ?? jobs, files: wrap.files?.(files) ?? files, boxes, workflows }
  const running = startRunner(parts, {
    tickMs: 100,
    refreshMs: 300,
    ...runner,
    patience: { ...BRISK, ...runner?.patience },
  })
  return {
    jobs,
    boxes,
    files,
    workflows,
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]()
      await jobs.close()
      await boxes.close()
    },
  }
}

/** A folder for a test's data, removed with everything in it. */
export async function dataFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'understudy-jobs-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** The stand-ins as boxes of a server, by these names. */
export const boxesAt = (urls: Readonly<Record<string, string>>, concurrency = 2): readonly BoxConfig[] =>
  Object.entries(urls).map(([name, url]) => ({ name, url, concurrency }))

/** Stores a picture to give to jobs. */
export async function storePicture(
  { files }: Pick<ServerParts, 'files'>,
  png: Uint8Array,
): Promise<StoredFile> {
  const stream = new Blob([new Uint8Array(png)]).stream()
  const file = { stream, name: 'picture.png', accept: ['image'], maxBytes: 2 ** 30 } as const
  return files.add(file, new AbortController().signal)
}

/** Waits until something is so. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  timeoutMs = 30_000,
): Promise<NonNullable<Exclude<T, false>>> {
  for (const endMs = Date.now() + timeoutMs; ; ) {
    const answer = await ask()
    if (answer) return answer as NonNullable<Exclude<T, false>> // it is neither false nor nothing
    if (Date.now() > endMs) throw new Error(`Waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** The job once it is in one of these states; fails at once where it ends in another. */
export async function jobIn(
  { jobs }: Pick<ServerParts, 'jobs'>,
  id: string,
  ...states: StateName[]
): Promise<Job> {
  let last: Job | undefined
  const arrived = async () => {
    last = await jobs.find(id)
    if (!last || states.includes(last.state.name)) return last
    if (isEnded(last)) throw new Error(`The job ended otherwise: ${JSON.stringify(last.state)}`)
    return undefined
  }
  return until(`job ${id} is ${states.join(' or ')}`, arrived).catch((error: Error) => {
    throw new Error(`${error.message}; it is ${JSON.stringify(last?.state)}`)
  })
}
