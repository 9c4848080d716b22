/** The queue as it is remembered: records in IndexedDB, one folder of files per job in OPFS. */
import { folder, removeEntry } from '../storage/folders'
import { workDatabase } from '../storage/work-db'
import type { ClipJob } from './clip-job'
import { type JobRecord, publicJob } from './job-record'

export const INPUT = 'input'
/** The folder of what ffmpeg made of it, where that was necessary. */
export const CONVERTED = 'converted'

/** A write that was acknowledged is on the disk. */
const DURABLE = { durability: 'strict' } as const

/** Where the files of all jobs are. */
export const clipsFolder = (): Promise<FileSystemDirectoryHandle> => folder('clips')

/** Where the files of one job are. */
export const jobFolder = (id: string): Promise<FileSystemDirectoryHandle> => folder('clips', id)

/** In the order they run. */
export async function storedJobs(): Promise<JobRecord[]> {
  return (await workDatabase()).getAllFromIndex('jobs', 'position')
}

/** What everybody may know of them, in the order they run. */
export const publicStored = async (): Promise<ClipJob[]> => (await storedJobs()).map(publicJob)

export async function storedJob(id: string): Promise<JobRecord | undefined> {
  return (await workDatabase()).get('jobs', id)
}

/** Puts a new job at the end. */
export async function appendJob(job: Omit<JobRecord, 'position'>): Promise<JobRecord> {
  const transaction = (await workDatabase()).transaction('jobs', 'readwrite', DURABLE)
  const last = await transaction.store.index('position').openCursor(null, 'prev')
  const record: JobRecord = { ...job, position: (last?.value.position ?? 0) + 1 }
  await transaction.store.put(record)
  await transaction.done
  return record
}

export async function putJobs(...jobs: readonly JobRecord[]): Promise<void> {
  const transaction = (await workDatabase()).transaction('jobs', 'readwrite', DURABLE)
  await Promise.all([...jobs.map((job) => transaction.store.put(job)), transaction.done])
}

/** Forgets what was finished of a job, in one step with putting its new state. */
export async function putJobWithoutSegments(job: JobRecord): Promise<void> {
  const transaction = (await workDatabase()).transaction(['jobs', 'segments'], 'readwrite', DURABLE)
  await Promise.all([
    transaction.objectStore('jobs').put(job),
    transaction.objectStore('segments').delete(segmentsOf(job.id)),
    transaction.done,
  ])
}

/** Forgets a job with everything made for it; the record first, for files without one are cleared away at the next start. */
export async function deleteJob(id: string): Promise<void> {
  const transaction = (await workDatabase()).transaction(['jobs', 'segments'], 'readwrite', DURABLE)
  await Promise.all([
    transaction.objectStore('jobs').delete(id),
    transaction.objectStore('segments').delete(segmentsOf(id)),
    transaction.done,
  ])
  await removeJobFolder(id)
}

/** Removes every file of a job. */
export async function removeJobFolder(id: string): Promise<void> {
  await patiently(async () => removeEntry(await clipsFolder(), id))
}

/** The keys of all segments of a job. */
export const segmentsOf = (jobId: string): IDBKeyRange =>
  IDBKeyRange.bound([jobId, Number.NEGATIVE_INFINITY], [jobId, Number.POSITIVE_INFINITY])

/** Removes what no record speaks of: a job that was never quite added, or not quite removed. */
export async function clearOrphans(): Promise<void> {
  const clips = await clipsFolder()
  const { held = [] } = await navigator.locks.query()
  const beingAdded = new Set(held.map(({ name }) => name))
  for await (const id of clips.keys()) {
    if (beingAdded.has(addingLock(id)) || (await storedJob(id))) continue
    await removeJobFolder(id).catch(() => undefined) // a thread that is just ending still holds a file: next time
  }
}

/** Held while the folder of this job has no record yet. */
export const addingLock = (id: string): string => `understudy-adding-${id}`

/** Files that a dying thread had open are let go of a moment after its locks. */
export async function patiently(work: () => Promise<void>): Promise<void> {
  for (let wait = 25; ; wait *= 2) {
    try {
      return await work()
    } catch (error) {
      const busy = error instanceof DOMException && error.name === 'NoModificationAllowedError'
      if (!busy || wait > 2000) throw error
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
}
