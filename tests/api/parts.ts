/** A server's parts for tests: real ones in a folder of their own, without boxes unless given. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Parts } from '../../edge-server/app'
import type { Boxes } from '../../edge-server/comfy/boxes'
import type { Files } from '../../edge-server/files/files'
import { openSqliteJobs } from '../../edge-server/jobs/sqlite-jobs'
import { parsePrompt } from '../../edge-server/prompt/parse-prompt'
import type { Workflows } from '../../edge-server/workflows/workflow'

export interface TestParts extends Parts, AsyncDisposable {
  readonly close: () => void
}

/** Opens the parts; disposing closes them and removes their folder. */
export async function openParts(changed: Partial<Parts> = {}): Promise<TestParts> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-api-'))
  const closing = new AbortController()
  const jobs = changed.jobs ?? openSqliteJobs(join(folder, 'jobs.sqlite'))
  return {
    about: { name: 'understudy', version: '1.2.3' },
    webRoot: '/nowhere',
    loopbackOnly: true,
    closing: closing.signal,
    boxes: { list: [] } as unknown as Boxes,
    workflows: { list: [], find: () => undefined, faults: [] } as Workflows,
    files: { find: async () => undefined } as unknown as Files,
    previewFolder: join(folder, 'previews'),
    readPrompt: async (text, given) => parsePrompt(text, given),
    ...changed,
    jobs,
    close: () => closing.abort(),
    async [Symbol.asyncDispose]() {
      closing.abort()
      await jobs.close()
      rmSync(folder, { recursive: true })
    },
  }
}
