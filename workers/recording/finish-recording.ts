import { describe } from '../library/describe'
import { changeItem, getItem, openItem, removeItem } from '../library/library'
import type { LibraryItem } from '../library/library-item'
import { namedError } from '../rpc/named-error'

/**
 * Makes an item like any other of a recording that nobody writes any more, however it ended: what it is, is read from the
 * file. Rejects with a RecordingUnreadableError, and leaves everything as it is, when nothing in it plays.
 */
export async function finishRecording(id: string): Promise<LibraryItem> {
  const file = await openItem(id)
  const found = await describe(file)
  if (!found) throw namedError('RecordingUnreadableError', 'There is no frame in this recording.')
  await changeItem(id, { ...found, kind: 'recording', bytes: file.size, state: 'whole' })
  const item = await getItem(id)
  if (!item) throw namedError('LibraryFileMissingError', `There is no record of ${id}.`)
  return item
}

/** As `finishRecording`; one without a picture is taken away, and nothing is returned. */
export async function finishOrRemove(id: string): Promise<LibraryItem | undefined> {
  try {
    return await finishRecording(id)
  } catch (error) {
    if (!(error instanceof Error && error.name === 'RecordingUnreadableError')) throw error
    await removeItem(id)
    return undefined
  }
}
