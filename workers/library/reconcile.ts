/** Records and files brought together again, after threads or the browser died between one and the other. */
import { type Description, describe } from './describe'
import { allItems, changeItem, getItem, libraryFolder, putItem, removeItem } from './library'
import type { LibraryItem } from './library-item'

/** A file this young may be a writer's that has not locked it or not put its record yet: it is looked at again later. */
const YOUNG_MS = 10_000

/**
 * A record without a file goes; a file without a record that plays becomes an item again; one that does not play goes.
 * Files that somebody writes are left alone. Resolves with whether some were too young to tell: look again then.
 */
export async function reconcile(now = Date.now()): Promise<boolean> {
  // One tab at a time: two would describe every file twice.
  return navigator.locks.request('understudy-library-reconcile', async () => {
    const [items, files] = await Promise.all([allItems(), libraryFiles()])
    for (const item of items) {
      const mayComeYet = item.state === 'recording' && now - item.addedAt < YOUNG_MS
      if (!files.has(item.id) && !mayComeYet) await removeItem(item.id)
    }
    const known = new Set(items.map(({ id }) => id))
    let someYoung = false
    for (const [id, handle] of files) {
      if (known.has(id) || (await isBeingWritten(handle))) continue
      const file = await handle.getFile()
      if (now - file.lastModified < YOUNG_MS) someYoung = true
      else await adopt(id, file)
    }
    return someYoung
  })
}

async function adopt(id: string, file: File): Promise<void> {
  const description = file.size > 0 ? await describe(file) : undefined
  if (await getItem(id)) return // its writer put it meanwhile
  if (!description) return removeItem(id)
  const date = new Date(file.lastModified).toISOString().slice(0, 16).replace('T', ' ')
  await putItem({
    id,
    name: `Found again ${date}`,
    addedAt: file.lastModified,
    bytes: file.size,
    state: 'whole',
    ...description,
  })
}

async function libraryFiles(): Promise<Map<string, FileSystemFileHandle>> {
  const files = new Map<string, FileSystemFileHandle>()
  for await (const [name, handle] of (await libraryFolder()).entries())
    if (handle instanceof FileSystemFileHandle) files.set(name, handle)
  return files
}

/** Whether any thread of any tab has it open for writing; the browser lets go when such a thread dies. */
export async function isBeingWritten(handle: FileSystemFileHandle): Promise<boolean> {
  try {
    const access = await handle.createSyncAccessHandle()
    access.close()
    return false
  } catch {
    return true
  }
}

/** Fills in what a writer left undefined. What cannot be found out stays so. */
export async function complete(item: LibraryItem, file: File): Promise<void> {
  const found = await describe(file)
  if (found) await changeItem(item.id, missing(item, found))
}

function missing(item: LibraryItem, found: Description): Partial<LibraryItem> {
  return {
    durationS: item.durationS ?? found.durationS,
    width: item.width ?? found.width,
    height: item.height ?? found.height,
    thumbnail: item.thumbnail ?? found.thumbnail,
  }
}
