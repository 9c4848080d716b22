/**
 * What is kept on this device, for any thread that adds to it or shows it. An item is a record (IndexedDB) and a file
 * (OPFS, library/ID). Write the file first, then put the record; a record of a recording may come before its file.
 */
import { namedError } from '../rpc/named-error'
import { folder, removeEntry } from '../storage/folders'
import { workDatabase } from '../storage/work-db'
import type { LibraryItem } from './library-item'

const CHANNEL = 'understudy-library'

let sender: BroadcastChannel | undefined

/** Threads and tabs, this one too, look at the list again. */
function tellChange(): void {
  sender ??= new BroadcastChannel(CHANNEL)
  sender.postMessage('changed')
}

/** Where the files are; a file is named after its item's id. */
export const libraryFolder = (): Promise<FileSystemDirectoryHandle> => folder('library')

/** Adds an item or replaces the record of one. */
export async function putItem(item: LibraryItem): Promise<void> {
  await (await workDatabase()).put('library', item)
  tellChange()
}

export async function getItem(id: string): Promise<LibraryItem | undefined> {
  return (await workDatabase()).get('library', id)
}

/** Removes file and record, for good. Of an item that is not there nothing is left to remove. */
export async function removeItem(id: string): Promise<void> {
  // In this order: a file that outlives its record would come back as an item.
  await removeEntry(await libraryFolder(), id)
  await (await workDatabase()).delete('library', id)
  tellChange()
}

/** Newest first, without those that are being deleted. */
export async function listItems(): Promise<readonly LibraryItem[]> {
  return (await allItems()).filter(({ deletedAt }) => deletedAt === undefined)
}

/** Newest first, those too that are being deleted. */
export async function allItems(): Promise<readonly LibraryItem[]> {
  return (await (await workDatabase()).getAllFromIndex('library', 'addedAt')).reverse()
}

/** Changes a record in one transaction, so that no other change is lost. Of an item that is gone nothing is changed. */
export async function changeItem(id: string, changes: Partial<Omit<LibraryItem, 'id'>>): Promise<void> {
  const write = (await workDatabase()).transaction('library', 'readwrite')
  const item = await write.store.get(id)
  if (item) await write.store.put({ ...item, ...changes })
  await write.done
  if (item) tellChange()
}

/** A fresh look at the file of an item. Rejects with a `LibraryFileMissingError` when it is gone. */
export async function openItem(id: string): Promise<File> {
  const files = await libraryFolder()
  const handle = await files.getFileHandle(id).catch(() => {
    throw namedError('LibraryFileMissingError', `There is no file for ${id}.`)
  })
  return handle.getFile()
}

/** Calls `listener` whenever any thread or tab has changed the list, until disposed. */
export function onLibraryChange(listener: () => void): Disposable {
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = listener
  return { [Symbol.dispose]: () => channel.close() }
}
