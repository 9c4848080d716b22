/** A file of this disk as a stream that holds the file open only while somebody reads. */
import { type FileHandle, open } from 'node:fs/promises'
import type { ByteRange } from './range'

const blockBytes = 512 * 1024

/** Bytes of a file from `start` to `end`. It is opened with the first read and closed at the end, on an error and when cancelled. */
export function readFile(path: string, { start, end }: ByteRange): ReadableStream<Uint8Array> {
  let handle: FileHandle | undefined
  let at = start
  async function close(): Promise<void> {
    const open = handle
    handle = undefined
    await open?.close()
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          handle ??= await open(path)
          const block = Buffer.allocUnsafeSlow(Math.min(blockBytes, end - at + 1))
          const { bytesRead } = await handle.read(block, 0, block.length, at)
          if (bytesRead === 0 && at <= end) throw new Error('The file is shorter than it was.')
          at += bytesRead
          if (bytesRead > 0) controller.enqueue(block.subarray(0, bytesRead))
          if (at <= end) return
          await close()
          controller.close()
        } catch (error) {
          await close()
          throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? fileGone() : error
        }
      },
      cancel: close,
    },
    { highWaterMark: 1 },
  )
}

/** The error for a file that is not stored (any more). */
export function fileGone(): Error {
  return Object.assign(new Error('This file is not stored here any more.'), { name: 'FileGoneError' })
}
