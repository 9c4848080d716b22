import { proxy } from 'comlink'
import { createSignal, onCleanup } from 'solid-js'
import type { LibraryApi, LibraryItem } from '../../workers/library/library-item'
import { type Connection, connect } from '../../workers/rpc/connect'

/** What finished jobs made, out of the library. */
export function createResults() {
  let connection: Connection<LibraryApi> | undefined
  let opened: Promise<void> | undefined
  const [items, setItems] = createSignal<ReadonlyMap<string, LibraryItem>>(new Map())
  const [shown, setShown] = createSignal<{ readonly name: string; readonly file: File }>()
  onCleanup(() => connection?.[Symbol.dispose]())

  const api = async () => {
    connection ??= connect<LibraryApi>(
      new Worker(new URL('../../workers/library/library.worker.ts', import.meta.url), {
        type: 'module',
        name: 'library',
      }),
    )
    opened ??= connection.api.open(proxy(() => void refresh()))
    await opened
    return connection.api
  }
  const refresh = async () => {
    const list = await (await api()).list()
    setItems(new Map(list.map((item) => [item.id, item])))
  }

  /** The file as it is downloaded and shared: under its name in the library. */
  const file = async (id: string): Promise<File> => {
    const library = await api()
    const [whole, list] = await Promise.all([library.file(id), library.list()])
    const name = list.find((item) => item.id === id)?.name
    const extension = EXTENSIONS[whole.type] ?? whole.name.replace(/^.*\./, '')
    return name ? new File([whole], `${name}.${extension}`, { type: whole.type }) : whole
  }

  const download = async (id: string) => saveFile(await file(id))
  const share = async (id: string) => {
    const shared = await file(id)
    await navigator.share({ files: [shared], title: shared.name }).catch((error) => {
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error // thought better of it
    })
  }

  return {
    refresh,
    file,
    /** A small picture of a result; undefined where there is none. */
    thumbnail: (id: string) => items().get(id)?.thumbnail,
    download,
    share,
    canShare: 'share' in navigator && 'canShare' in navigator,
    shown,
    show: async (id: string, name: string) => void setShown({ name, file: await file(id) }),
    hide: () => setShown(undefined),
  }
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'image/gif': 'gif',
  'application/zip': 'zip',
}

/** Puts a file into the person's downloads. */
export function saveFile(file: File): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = file.name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000) // a large file takes its time to be copied
}
