import { createMemo, createSignal } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { type LibraryItem, UNDO_MS } from '../../workers/library/library-item'
import { type Storage, storageNow } from '../platform/capabilities'
import type { Understudy } from '../understudy'
import { problem } from '../words/errors'
import { arrange, type Filter, type Order } from './arrange'
import { createLibraryThread } from './library-thread'
import { saveFiles } from './save-files'
import { share } from './share'

export type LibraryPhase =
  | { readonly name: 'opening' }
  | { readonly name: 'open' }
  | { readonly name: 'failed'; readonly error: unknown }

/** What the library page shows and can be asked of it. Nothing else writes this state. */
export function createLibrary({ notices, complain }: Pick<Understudy, 'notices' | 'complain'>) {
  const [phase, enter] = createSignal<LibraryPhase>({ name: 'opening' })
  const [items, setItems] = createStore<LibraryItem[]>([])
  const [storage, setStorage] = createSignal<Storage>()
  const [view, setView] = createStore<{ filter: Filter; order: Order }>({ filter: 'all', order: 'newest' })
  /** undefined: nothing is being selected. */
  const [selection, setSelection] = createSignal<ReadonlySet<string>>()
  const [viewedId, setViewedId] = createSignal<string>()

  const { api, opened } = createLibraryThread(() => void refresh())
  const shown = createMemo(() => arrange(items, view.filter, view.order))
  const interrupted = createMemo(() => items.filter(({ state }) => state === 'interrupted'))
  const viewed = () => items.find(({ id }) => id === viewedId())
  const selected = createMemo(() => shown().filter(({ id }) => selection()?.has(id)))

  /** A thumbnail never changes once it is made, but every answer has a copy of its own: the picture would flicker. */
  const withKnownThumbnail = (item: LibraryItem): LibraryItem => {
    const known = items.find(({ id }) => id === item.id)?.thumbnail
    return { ...item, thumbnail: known ?? item.thumbnail }
  }

  let refreshing = false
  let again = false
  const refresh = async () => {
    again = true
    if (refreshing) return
    refreshing = true
    try {
      while (again) {
        again = false
        const [list, space] = await Promise.all([api.list(), storageNow()])
        setItems(reconcile(list.map(withKnownThumbnail), { key: 'id' }))
        setStorage(space)
      }
    } catch (error) {
      complain(error)
    } finally {
      refreshing = false
    }
  }
  const open = async () => {
    try {
      await opened
      await refresh()
      enter({ name: 'open' })
    } catch (error) {
      enter({ name: 'failed', error })
    }
  }
  void open()

  const filesOf = (wanted: readonly LibraryItem[]) => Promise.all(wanted.map(({ id }) => api.file(id)))

  const download = async (wanted: readonly LibraryItem[]) => {
    try {
      const files = await filesOf(wanted)
      const isSaved = await saveFiles(files)
      if (!isSaved) return
      const [first] = files
      const title = files.length === 1 ? 'Saved' : `Saved ${files.length} files`
      notices.say('done', { title, text: files.length === 1 ? (first?.name ?? '') : '' })
    } catch (error) {
      complain(error)
    }
  }

  const handOver = async (wanted: readonly LibraryItem[]) => {
    try {
      await share(await filesOf(wanted))
    } catch (error) {
      complain(error)
    }
  }

  const remove = async (wanted: readonly LibraryItem[]) => {
    const ids = wanted.map(({ id }) => id)
    try {
      await api.remove(ids)
    } catch (error) {
      return complain(error)
    }
    const [first] = wanted
    const title = wanted.length === 1 ? `Deleted “${first?.name}”` : `Deleted ${wanted.length} items`
    const action = { label: 'Undo', run: () => void api.restore(ids).catch(complain) }
    notices.say('info', { title, text: '' }, { action, forMs: UNDO_MS })
  }

  const rename = async (item: LibraryItem, name: string) => {
    if (name.trim() && name !== item.name) await api.rename(item.id, name).catch(complain)
  }

  /** Makes an interrupted recording an item like all others. */
  const keep = async (item: LibraryItem) => {
    try {
      await api.keep(item.id)
      notices.say('done', { title: 'Recording kept', text: item.name })
    } catch (error) {
      complain(error)
    }
  }

  const toggle = (id: string) =>
    setSelection((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })

  return {
    phase,
    items,
    shown,
    interrupted,
    storage,
    refreshStorage: async () => setStorage(await storageNow()),
    view,
    setView,
    selection,
    selected,
    setSelection,
    toggle,
    viewed,
    setViewedId,
    file: (item: LibraryItem) => api.file(item.id),
    firstFrame: async (item: LibraryItem) => {
      const first = await api.firstFrame(item.id)
      if (!first) throw problem('ImageUndecodableError')
      return first
    },
    download,
    share: handOver,
    remove,
    rename,
    keep,
  }
}

export type LibraryStore = ReturnType<typeof createLibrary>
