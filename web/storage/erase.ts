/**
 * Everything that Understudy keeps on this device, gone: databases, files, the recognition model. All windows let go
 * first, as nothing can be removed that a thread holds open, and nothing may be written back afterwards.
 */
import { deleteDB } from 'idb'
import { problem } from '../words/errors'
import { closeDatabase, DATABASE } from './db'

/** The second is the threads' own: workers/storage/work-db.ts. */
const DATABASES = [DATABASE, 'understudy-work']
const CHANNEL = 'understudy-erase'
/** Threads that were ended let go within milliseconds; another window that hangs may never. */
const PATIENCE_MS = 10_000

type Message = 'let go' | 'done'

let channel: BroadcastChannel | undefined
let letGo: () => void = () => undefined

/** `end` stops all threads of this page and all its writing, for good: here or in another window, everything is erased. */
export function whenErased(end: () => void): void {
  letGo = () => {
    closeDatabase()
    end()
  }
  channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data === 'done') return location.reload()
    letGo()
    setTimeout(() => location.reload(), 2 * PATIENCE_MS) // the other window died over it
  }
}

/** Erases, and opens the page anew. Rejects with an `ErasingFailedError` when something is held by a window that hangs. */
export async function eraseEverything(): Promise<void> {
  channel?.postMessage('let go' satisfies Message)
  letGo()
  try {
    await within(Promise.all(DATABASES.map((name) => deleteDB(name))), PATIENCE_MS)
    await removeFiles()
    localStorage.clear()
  } catch (error) {
    throw problem('ErasingFailedError', String(error))
  } finally {
    channel?.postMessage('done' satisfies Message)
  }
  location.reload()
}

async function removeFiles(): Promise<void> {
  const root = await navigator.storage.getDirectory().catch(() => undefined)
  if (!root) return // this browser keeps no files
  const untilMs = performance.now() + PATIENCE_MS
  for await (const name of root.keys()) {
    while (!(await isRemoved(root, name))) {
      if (performance.now() > untilMs) throw new Error(`${name} is held open.`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

const isRemoved = (root: FileSystemDirectoryHandle, name: string): Promise<boolean> =>
  root.removeEntry(name, { recursive: true }).then(
    () => true,
    (error) => error instanceof DOMException && error.name === 'NotFoundError',
  )

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('A database is held open.')), ms)
  })
  return Promise.race([work, late])
}
