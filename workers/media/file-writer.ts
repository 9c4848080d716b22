import { StreamTarget, type StreamTargetChunk } from 'mediabunny'
import { writeAll } from '../storage/write-all'

/** Writes into a file of this device's private storage, anywhere in it, from the beginning anew. */
export interface FileWriter {
  /** The bytes are taken before it resolves. Rejects with a `QuotaExceededError` when storage is full. */
  write(data: Uint8Array<ArrayBuffer>, position: number): Promise<void>
  /** Bytes up to the last one written. */
  readonly size: number
  /** Resolves when all of it is stored. */
  close(): Promise<void>
  /** Leaves the file empty, or none where the browser can remove it. */
  abandon(): Promise<void>
}

/** Nobody else may have the file open for writing. */
export async function openFileWriter(file: FileSystemFileHandle): Promise<FileWriter> {
  return 'createSyncAccessHandle' in file ? openInPlace(file) : openByStream(file)
}

/** In a worker: straight into the file. */
async function openInPlace(file: FileSystemFileHandle): Promise<FileWriter> {
  const access = await file.createSyncAccessHandle()
  access.truncate(0)
  return {
    get size() {
      return access.getSize()
    },
    async write(data, position) {
      writeAll(access, data, position)
    },
    async close() {
      access.flush() // throws when the disk is full, and is abandoned then
      access.close()
    },
    async abandon() {
      try {
        access.truncate(0)
      } finally {
        access.close()
      }
      await remove(file)
    },
  }
}

/** Outside of workers, where files cannot be written in place. */
async function openByStream(file: FileSystemFileHandle): Promise<FileWriter> {
  const stream = await file.createWritable()
  let size = 0
  return {
    get size() {
      return size
    },
    async write(data, position) {
      await stream.write({ type: 'write', data, position })
      size = Math.max(size, position + data.byteLength)
    },
    close: () => stream.close(),
    async abandon() {
      await stream.abort()
      await remove(file)
    },
  }
}

/** `remove` of a file handle is Chromium's; elsewhere the empty file stays. */
async function remove(file: FileSystemFileHandle & { remove?(): Promise<void> }): Promise<void> {
  await file.remove?.()
}

/** What a muxer writes into: pieces of a megabyte. The writer stays open for its owner to close. */
export function fileTarget(writer: FileWriter): StreamTarget {
  const stream = new WritableStream<StreamTargetChunk>({
    write: ({ data, position }) => writer.write(data, position),
  })
  return new StreamTarget(stream, { chunked: true, chunkSize: 2 ** 20 })
}
