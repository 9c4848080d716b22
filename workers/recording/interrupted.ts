import { describe } from '../library/describe'
import { libraryFolder, openItem, removeItem } from '../library/library'
import type { LibraryItem } from '../library/library-item'
import { isBeingWritten } from '../library/reconcile'
import { tidyWorkshop } from './finish-recording'

/** Those of them that nobody writes any more, oldest first, with what is left of each; one without a picture is taken away. */
export async function interruptedOf(begun: readonly LibraryItem[]): Promise<readonly LibraryItem[]> {
  await tidyWorkshop()
  const files = await libraryFolder()
  const found: LibraryItem[] = []
  for (const item of begun.toReversed()) {
    const handle = await files.getFileHandle(item.id).catch(() => undefined)
    if (handle && (await isBeingWritten(handle))) continue // in another tab
    const description = handle && (await describe(await openItem(item.id)))
    if (description) {
      const { size } = await openItem(item.id)
      found.push({ ...item, ...description, kind: 'recording', bytes: size, state: 'interrupted' })
    } else await removeItem(item.id)
  }
  return found
}
