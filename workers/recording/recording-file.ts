import { StreamTarget, type StreamTargetChunk } from 'mediabunny'
import { libraryFolder } from '../library/library'
import { writeAll } from '../storage/write-all'

/** What the system may still hold in memory when the power goes. A dead tab or browser loses nothing that was written. */
const FLUSH_EVERY_MS = 500
/** The library looks into files now and then, for a moment. */
const PATIENCE_MS = 2000

/**
 * A file of the library that is written piece by piece: what was written is in the file at once, whatever happens to the
 * page. (`createWritable` would write a copy that only a proper end makes the file.) Open for as long as this lives, so
 * that others see that somebody writes.
 */
export class RecordingFile implements Disposable {
  readonly target: StreamTarget
  readonly #access: FileSystemSyncAccessHandle
  #bytes = 0
  #flushedMs = 0
  #isOpen = true

  private constructor(access: FileSystemSyncAccessHandle, onProblem: (error: unknown) => void) {
    this.#access = access
    const write = (chunk: StreamTargetChunk) => {
      try {
        this.#write(chunk)
      } catch (error) {
        onProblem(error)
        throw error
      }
    }
    this.target = new StreamTarget(new WritableStream({ write }))
  }

  /** `onProblem` hears of a write that failed, such as with a full storage; all that was written before is kept. */
  static async create(id: string, onProblem: (error: unknown) => void): Promise<RecordingFile> {
    const handle = await (await libraryFolder()).getFileHandle(id, { create: true })
    const access = await patiently(() => handle.createSyncAccessHandle())
    access.truncate(0)
    return new RecordingFile(access, onProblem)
  }

  /** Its size so far. */
  get bytes(): number {
    return this.#bytes
  }

  #write({ data, position }: StreamTargetChunk): void {
    if (!this.#isOpen) return
    const end = Math.max(this.#bytes, position + data.byteLength)
    try {
      writeAll(this.#access, data, position)
    } catch (error) {
      this.#access.truncate(this.#bytes) // half a fragment is worse than none
      throw error
    }
    this.#bytes = end
    const now = performance.now()
    if (now - this.#flushedMs < FLUSH_EVERY_MS) return
    this.#flushedMs = now
    this.#access.flush()
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#access.flush()
    this.#access.close()
  }
}

async function patiently<T>(open: () => Promise<T>): Promise<T> {
  const untilMs = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return await open()
    } catch (error) {
      const isTaken = error instanceof DOMException && error.name === 'NoModificationAllowedError'
      if (!isTaken || performance.now() > untilMs) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
