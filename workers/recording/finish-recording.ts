import { describe } from '../library/describe'
import { changeItem, getItem, libraryFolder, openItem, removeItem } from '../library/library'
import type { LibraryItem } from '../library/library-item'
import { remux } from '../media/remux'
import { namedError } from '../rpc/named-error'
import { folder, removeEntry } from '../storage/folders'

/** Left free on the disk when a second copy of a recording is made. */
const ROOM_BYTES = 32_000_000

/** Chromium, Firefox and Safari move files of the private storage; TypeScript does not know yet. */
interface MovableFile extends FileSystemFileHandle {
  move?(to: FileSystemDirectoryHandle, name: string): Promise<void>
}

/**
 * Makes an item like any other of a recording that nobody writes any more, however it ended: what it is, is read from the
 * file. Rejects with a RecordingUnreadableError, and leaves everything as it is, when nothing in it plays.
 */
export async function finishRecording(
  id: string,
  onProgress: (done: number) => void = () => undefined, // 0..1
): Promise<LibraryItem> {
  const file = await openItem(id)
  const found = await describe(file)
  if (!found) throw namedError('RecordingUnreadableError', 'There is no frame in this recording.')
  // From here on nothing can be lost, whatever becomes of the rest.
  await changeItem(id, { ...found, kind: 'recording', bytes: file.size, state: 'whole' })
  await replaceByFinished(id, file, found.type.includes('webm') ? 'webm' : 'mp4', onProgress).catch((error) =>
    console.warn('recording', error),
  )
  const item = await getItem(id)
  if (!item) throw namedError('LibraryFileMissingError', `There is no record of ${id}.`)
  return item
}

/** As `finishRecording`; one without a picture is taken away, and nothing is returned. */
export async function finishOrRemove(
  id: string,
  onProgress: (done: number) => void,
): Promise<LibraryItem | undefined> {
  try {
    return await finishRecording(id, onProgress)
  } catch (error) {
    if (!(error instanceof Error && error.name === 'RecordingUnreadableError')) throw error
    await removeItem(id)
    return undefined
  }
}

/**
 * The pieces become one file with an index, in which players can seek at once. It takes the place of the other only when it
 * is whole; where that cannot be done, the pieces stay: they play as well.
 */
async function replaceByFinished(
  id: string,
  from: File,
  kind: 'mp4' | 'webm',
  onProgress: (done: number) => void,
): Promise<void> {
  const { usage = 0, quota } = await navigator.storage.estimate()
  if (quota !== undefined && quota - usage < from.size + ROOM_BYTES) return
  const workshop = await folder('recordings')
  const to: MovableFile = await workshop.getFileHandle(id, { create: true })
  try {
    if (!to.move) return
    const { signal } = new AbortController() // nothing but the end of the page ends it
    await remux({ from, kind, to, onProgress, signal })
    if (!(await getItem(id))) return // deleted meanwhile
    await to.move(await libraryFolder(), id)
    await changeItem(id, { bytes: (await openItem(id)).size })
  } finally {
    await removeEntry(workshop, id)
  }
}

/** Takes away what was left half finished when a page died. */
export async function tidyWorkshop(): Promise<void> {
  const workshop = await folder('recordings')
  // What another tab is at work on cannot be removed.
  for await (const name of workshop.keys()) await removeEntry(workshop, name).catch(() => undefined)
}
