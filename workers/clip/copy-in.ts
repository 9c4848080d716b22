/** Copies a person's file into this device's storage, so that a job outlives the page that has the file. */
import { namedError } from '../rpc/named-error'
import { writeAll } from '../storage/write-all'

const PART_BYTES = 4 << 20

/**
 * Streams `file` into `folder` under `name`; `onCopied` hears 0..1. Rejects with an Error named `QuotaExceededError` when
 * there is no room for it, or `FileUnreadableError`; what was written is the caller's to remove.
 */
export async function copyIn(
  file: Blob,
  folder: FileSystemDirectoryHandle,
  name: string,
  onCopied: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  // Known beforehand is better than after a minute. Where the browser does not say, writing will tell.
  const { quota, usage = 0 } = await navigator.storage.estimate()
  if (quota !== undefined && quota - usage < file.size) throw storageFull(file.size, quota - usage)
  const handle = await folder.getFileHandle(name, { create: true })
  const to = await handle.createSyncAccessHandle()
  try {
    for (let at = 0; at < file.size; at += PART_BYTES) {
      const part = new Uint8Array(await bytesOf(file.slice(at, at + PART_BYTES)))
      signal.throwIfAborted()
      writeAll(to, part, at)
      onCopied(Math.min(1, (at + part.length) / file.size))
    }
    to.flush()
  } finally {
    to.close()
  }
}

const bytesOf = (part: Blob): Promise<ArrayBuffer> =>
  part.arrayBuffer().catch((error) => {
    throw namedError('FileUnreadableError', String(error))
  })

const storageFull = (wanted: number, free: number): DOMException =>
  new DOMException(`${wanted} bytes are wanted, ${Math.max(0, free)} are free.`, 'QuotaExceededError')
