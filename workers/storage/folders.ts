/**
 * Files of this device's private storage (OPFS), by folder. Names are ours, never a person's.
 *
 *     clips/JOB_ID/input         the clip of a job
 *     clips/JOB_ID/segment-0007  finished segments
 *     library/ID                 recordings and results
 *     recognition.onnx           an installed model
 */

/** A folder, made when it is not there. Rejects where the browser stores nothing. */
export async function folder(...path: readonly string[]): Promise<FileSystemDirectoryHandle> {
  let at = await navigator.storage.getDirectory()
  for (const name of path) at = await at.getDirectoryHandle(name, { create: true })
  return at
}

/** Removes a file or a folder with all that is in it; not being there is fine. */
export async function removeEntry(parent: FileSystemDirectoryHandle, name: string): Promise<void> {
  await parent.removeEntry(name, { recursive: true }).catch((error) => {
    if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error
  })
}
