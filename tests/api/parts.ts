/** A server's parts for tests: real ones in a folder of their own, without boxes unless given. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Parts } from '../../edge-server/app'
import type { Boxes } from '../../edge-server/comfy/boxes'
import { openFiles } from '../../edge-server/files/open-files'
import { openUploads } from '../../edge-server/files/uploads'
import { openSqliteJobs } from '../../edge-server/jobs/sqlite-jobs'
import { loopbackOnly } from '../../edge-server/lan/open-lan'
import { parsePrompt } from '../../edge-server/prompt/parse-prompt'
import { ownWorkflows } from './own-workflow'

export interface TestParts extends Parts, AsyncDisposable {
  readonly folder: string
  /** What main.ts does when the process is to end. */
  readonly close: () => void
}

const MB = 2 ** 20

/** Opens the parts. Disposing closes the queue, also one that was given, and removes the folder. */
export async function openParts(changed: Partial<Parts> = {}): Promise<TestParts> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-api-'))
  const closing = new AbortController()
  const jobs = changed.jobs ?? openSqliteJobs(join(folder, 'jobs.sqlite'))
  const limits = { maxImageBytes: 4 * MB, maxVideoBytes: 16 * MB, quotaBytes: 64 * MB }
  const files = await openFiles(join(folder, 'files'), { ...limits, spareBytes: 0 })
  return {
    folder,
    about: { name: 'understudy', version: '1.2.3' },
    webRoot: '/nowhere',
    lan: loopbackOnly(),
    closing: closing.signal,
    boxes: { list: [] } as unknown as Boxes,
    workflows: ownWorkflows(),
    files,
    uploads: await openUploads(join(folder, 'uploads'), files, limits, { path: '/api/upload/tus' }),
    limits,
    previewFolder: join(folder, 'previews'),
    readPrompt: async (text, given) => parsePrompt(text, given),
    ...changed,
    jobs,
    close: () => closing.abort(),
    async [Symbol.asyncDispose]() {
      closing.abort()
      await jobs.close()
      rmSync(folder, { recursive: true, maxRetries: 5 }) // a preview may still be on its way to the disk
    },
  }
}
