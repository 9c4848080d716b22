/** Opens what the server works with, in the order in which one part needs another, and closes it the other way round. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Boxes } from './comfy/boxes'
import { openBoxes } from './comfy/open-boxes'
import type { Config } from './config'
import type { Files } from './files/files'
import { openFiles } from './files/open-files'
import { openUploads, type Uploads } from './files/uploads'
import type { Jobs } from './jobs/jobs'
import { startRetention } from './jobs/retention'
import { startRunner } from './jobs/runner'
import { openSqliteJobs } from './jobs/sqlite-jobs'
import { openLanguageModel } from './prompt/language-model'
import { parsePrompt, type ReadPrompt } from './prompt/parse-prompt'
import { openWorkflows } from './workflows/open-workflows'
import type { Workflows } from './workflows/workflow'

export interface WorkingParts extends AsyncDisposable {
  readonly jobs: Jobs
  readonly boxes: Boxes
  readonly workflows: Workflows
  readonly files: Files
  readonly uploads: Uploads
  readonly readPrompt: ReadPrompt
  /** Folder of the last previews of jobs. */
  readonly previewFolder: string
}

/** Where app.ts mounts the resumable uploads. */
const UPLOAD_PATH = '/api/upload/tus'

/**
 * Opens the queue, the files and the boxes, and starts to work on jobs. Disposing lets go of jobs that are at work; their prompts go on at
 * their boxes.
 */
export async function openWorkingParts(config: Config): Promise<WorkingParts> {
  const { dataFolder, languageModel, limits, retention } = config
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const closers: (() => PromiseLike<void>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const files = await openFiles(join(dataFolder, 'files'), limits)
    const uploads = await openUploads(join(dataFolder, 'uploads'), files, limits, { path: UPLOAD_PATH })
    const workflows = await openWorkflows(join(dataFolder, 'workflows'))
    const jobs = await openJobs(config)
    closers.push(() => jobs.close())
    const boxes = openBoxes(config.boxes, { clientId: clientIdOf(config) })
    closers.push(() => boxes.close())
    const cleaning = startRetention({ jobs, files, uploads }, retention)
    closers.push(() => cleaning[Symbol.asyncDispose]())
    const runner = startRunner({ jobs, boxes, workflows, files })
    closers.push(() => runner[Symbol.asyncDispose]())
    return {
      jobs,
      boxes,
      workflows,
      files,
      uploads,
      readPrompt: languageModel
        ? openLanguageModel(languageModel)
        : async (text, given) => parsePrompt(text, given),
      previewFolder: join(dataFolder, 'previews'),
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** This server for its boxes: the same after a restart on the same port, so that it goes on hearing of prompts that were under way. */
function clientIdOf({ dataFolder, port }: Config): string {
  if (port === 0) return randomUUID()
  return createHash('sha256').update(`${hostname()}:${port}:${dataFolder}`).digest('hex').slice(0, 32)
}

async function openJobs({ redisUrl, dataFolder }: Config): Promise<Jobs> {
  if (!redisUrl) return openSqliteJobs(join(dataFolder, 'jobs.sqlite'))
  // Only who has several servers pays for loading it.
  const { openRedisJobs } = await import('./jobs/redis-jobs')
  return openRedisJobs(redisUrl)
}
