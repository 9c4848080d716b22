/** The last preview of each job, kept on disk so that a list of jobs has pictures. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Jobs, Preview } from '../jobs/jobs'

export interface Thumbnails extends Disposable {
  has(id: string): boolean
  read(id: string): Promise<Preview | undefined>
}

const EVERY_MS = 2000
/** Nobody writes a preview for this long. */
const OLD_MS = 60_000

/** Ids of jobs are ours; what is no such id never becomes a path. */
const JOB_ID = /^[\w-]{1,64}$/

interface Waiting {
  preview: Preview | undefined
  timer: NodeJS.Timeout | undefined
  /** Writes of one job take turns. */
  last: Promise<void>
}

/** Keeps previews in `folder`, one file per job, written at most every two seconds; removed with the job. */
export function openThumbnails(folder: string, jobs: Jobs, everyMs = EVERY_MS): Thumbnails {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const kept = new Set(readdirSync(folder).filter((name) => JOB_ID.test(name)))
  const self = randomUUID() // several servers may write the same preview
  const waiting = new Map<string, Waiting>()
  let over = false
  const tell = (error: unknown): void => {
    if (!over) console.error('A preview could not be kept.', error)
  }

  function put(id: string, preview: Preview): void {
    if (over || !JOB_ID.test(id)) return
    const known = waiting.get(id)
    const entry = known ?? { preview, timer: undefined, last: Promise.resolve() }
    entry.preview = preview
    if (known) return
    waiting.set(id, entry)
    write(id, entry)
  }

  function write(id: string, entry: Waiting): void {
    clearTimeout(entry.timer)
    const { preview } = entry
    if (!preview) {
      waiting.delete(id)
      return
    }
    entry.preview = undefined
    entry.last = entry.last.then(() => store(id, preview.bytes)).catch(tell)
    entry.timer = setTimeout(() => write(id, entry), everyMs)
    entry.timer.unref()
  }

  async function store(id: string, bytes: Uint8Array): Promise<void> {
    const path = join(folder, id)
    const unfinished = `${path}.${self}.part`
    await writeFile(unfinished, bytes, { mode: 0o600 })
    await rename(unfinished, path)
    kept.add(id)
  }

  function forget(id: string): void {
    const entry = waiting.get(id)
    if (entry) entry.preview = undefined
    if (!JOB_ID.test(id)) return
    const gone = async () => {
      kept.delete(id)
      await rm(join(folder, id), { force: true })
    }
    void (entry?.last ?? Promise.resolve()).then(gone).catch(tell)
  }

  /** Removes what a crash left, and previews of jobs that were removed while no server listened. */
  async function sweep(): Promise<void> {
    for (const name of await readdir(folder)) {
      if (over) return
      if (JOB_ID.test(name)) {
        if (!(await jobs.find(name))) forget(name)
        continue
      }
      const path = join(folder, name)
      const found = await stat(path).catch(() => undefined)
      if (name.endsWith('.part') && found && Date.now() - found.mtimeMs > OLD_MS)
        await rm(path, { force: true })
    }
  }
  sweep().catch(tell)

  const watching = jobs.watch((event) => {
    if (event.kind === 'preview') put(event.id, event.preview)
    else if (event.kind === 'removed') forget(event.id)
    else if (event.kind === 'changed' && event.job.endedMs !== undefined) flush(event.job.id)
  })

  function flush(id: string): void {
    const entry = waiting.get(id)
    if (entry) write(id, entry)
  }

  return {
    has: (id) => kept.has(id),
    async read(id) {
      if (!JOB_ID.test(id)) return undefined
      const bytes = await readFile(join(folder, id)).catch(() => undefined)
      return bytes?.[0] === undefined
        ? undefined
        : { type: bytes[0] === 0xff ? 'image/jpeg' : 'image/png', bytes }
    },
    [Symbol.dispose]() {
      over = true
      watching[Symbol.dispose]()
      for (const { timer } of waiting.values()) clearTimeout(timer)
    },
  }
}
