import { createSignal, getOwner, runWithOwner } from 'solid-js'
import type { LibraryItem } from '../../workers/library/library-item'
import { createLibraryThread } from '../library/library-thread'
import { saveFile } from '../library/save-files'
import { share, whyNotShared } from '../library/share'

/** What finished jobs made, out of the library. */
export function createResults() {
  const owner = getOwner()
  const [items, setItems] = createSignal<ReadonlyMap<string, LibraryItem>>(new Map())
  const [shown, setShown] = createSignal<File>()
  let thread: ReturnType<typeof createLibraryThread> | undefined

  /** The library thread, started by whoever needs it first. */
  const api = async () => {
    thread ??= runWithOwner(owner, () => createLibraryThread(() => void refresh()))
    if (!thread) throw new Error('The page is gone.')
    await thread.opened
    return thread.api
  }
  const refresh = async () => {
    const list = await (await api()).list()
    setItems(new Map(list.map((item) => [item.id, item])))
  }

  /** With its name and type, as it leaves the library. Rejects with a named Error when it was deleted there. */
  const file = async (id: string): Promise<File> => (await api()).file(id)

  return {
    refresh,
    file,
    /** A small picture of a result; undefined where there is none yet. */
    thumbnail: (id: string) => items().get(id)?.thumbnail,
    save: saveFile,
    download: async (id: string) => saveFile(await file(id)),
    share: async (id: string) => share([await file(id)]),
    /** Of a result that is known already. */
    canShare: (id: string) => whyNotShared(items().get(id)?.type ?? '') === undefined,
    /** The one that is played or shown large. */
    shown,
    show: async (id: string) => void setShown(await file(id)),
    hide: () => setShown(undefined),
  }
}
