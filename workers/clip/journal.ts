/**
 * What is finished of a job. A segment counts once its record is written, which happens after its file was closed; of
 * everything else nothing is kept. So a crash at any point leaves a job with whole segments and nothing besides.
 */
import { removeEntry } from '../storage/folders'
import { type SegmentRecord, workDatabase } from '../storage/work-db'
import { CONVERTED, INPUT, jobFolder, patiently, segmentsOf } from './job-store'

const segmentName = (index: number): string => `segment-${String(index).padStart(4, '0')}`

export class Journal {
  readonly #jobId: string
  readonly #folder: FileSystemDirectoryHandle
  #records: readonly SegmentRecord[]

  private constructor(jobId: string, folder: FileSystemDirectoryHandle, records: readonly SegmentRecord[]) {
    this.#jobId = jobId
    this.#folder = folder
    this.#records = records
  }

  /** Reads what is there, and clears away what a crash has left half done. */
  static async open(jobId: string): Promise<Journal> {
    const database = await workDatabase()
    const folder = await jobFolder(jobId)
    const files = new Set<string>()
    for await (const name of folder.keys()) files.add(name)
    const stored = await database.getAll('segments', segmentsOf(jobId)) // in the order of their index
    const broken = stored.findIndex(({ index }, place) => index !== place || !files.has(segmentName(index)))
    const first = broken < 0 ? stored : stored.slice(0, broken)
    // Only the newest memory is kept: without the newest segment there is nothing to go on from.
    const records = first.at(-1)?.memory === undefined ? [] : first
    const journal = new Journal(jobId, folder, records)
    for (const { index } of stored.slice(records.length)) await database.delete('segments', [jobId, index])
    const kept = new Set([INPUT, CONVERTED, ...records.map(({ index }) => segmentName(index))])
    for (const name of files) {
      if (!kept.has(name)) await patiently(() => removeEntry(folder, name))
    }
    return journal
  }

  /** How many segments are finished: the number of the next one. */
  get segments(): number {
    return this.#records.length
  }

  /** How many frames those have together. */
  get frames(): number {
    const last = this.#records.at(-1)
    return last ? last.firstFrame + last.frames : 0
  }

  /** What the next frame depends on; undefined at the very beginning. */
  get memory(): unknown {
    return this.#records.at(-1)?.memory
  }

  /** The file for a segment; an unfinished one of this number is written over. */
  async fileOf(index: number): Promise<FileSystemFileHandle> {
    return this.#folder.getFileHandle(segmentName(index), { create: true })
  }

  /** The finished segments, in order. */
  files(): Promise<File[]> {
    return Promise.all(this.#records.map(async ({ index }) => (await this.fileOf(index)).getFile()))
  }

  /** The next segment is finished: call this after its file was closed. Only the newest memory is kept. */
  async commit(frames: number, memory: unknown): Promise<void> {
    const before = this.#records.at(-1)
    const record: SegmentRecord = {
      jobId: this.#jobId,
      index: this.segments,
      firstFrame: this.frames,
      frames,
      memory,
    }
    const transaction = (await workDatabase()).transaction('segments', 'readwrite', { durability: 'strict' })
    const forgetful = before && { ...before, memory: undefined }
    await Promise.all([
      transaction.store.put(record),
      forgetful && transaction.store.put(forgetful),
      transaction.done,
    ])
    this.#records = [...this.#records.slice(0, -1), ...(forgetful ? [forgetful] : []), record]
  }

  /** Forgets all segments. */
  async clear(): Promise<void> {
    const files = this.#records.map(({ index }) => segmentName(index))
    this.#records = []
    await (await workDatabase()).delete('segments', segmentsOf(this.#jobId))
    for (const name of files) await removeEntry(this.#folder, name)
  }
}
