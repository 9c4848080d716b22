import { folder, removeEntry } from '../storage/folders'

/** Where a converted clip lies. */
export interface ConvertedPlace {
  readonly handle: FileSystemFileHandle
  /** It was converted before, to the end. */
  readonly isFinished: boolean
  /** To be called once it is. */
  finish(): Promise<void>
  /** Forgets the clip if it was only kept for the one who opened it. */
  release(): void
}

const RESULT = 'converted.mp4'
/** An empty file beside the result: it is whole. */
const FINISHED = 'converted'

/** In a folder that outlives the reader: what was converted once is there the next time. */
export async function keptPlace(inside: FileSystemDirectoryHandle): Promise<ConvertedPlace> {
  const isFinished = await inside.getFileHandle(FINISHED).then(
    () => true,
    () => false,
  )
  return {
    handle: await inside.getFileHandle(RESULT, { create: true }),
    isFinished,
    finish: async () => void (await inside.getFileHandle(FINISHED, { create: true })),
    release: () => undefined,
  }
}

const TEMPORARY = 'converted'

/**
 * A file that goes with the reader. A page that dies leaves its own behind: each is held by a lock of its name, and
 * whoever comes next clears away what nobody holds.
 */
export async function temporaryPlace(): Promise<ConvertedPlace> {
  const inside = await folder(TEMPORARY)
  await clearForgotten(inside)
  const name = crypto.randomUUID()
  const release = await hold(lockOf(name), () =>
    // The reader may still be closing it: then the next one clears it away.
    removeEntry(inside, name).catch(() => undefined),
  )
  return {
    handle: await inside.getFileHandle(name, { create: true }),
    isFinished: false,
    finish: async () => undefined,
    release,
  }
}

const lockOf = (name: string): string => `understudy-${TEMPORARY}/${name}`

/** Settles once the lock is held; what it gives lets go of it, after `last`. */
function hold(name: string, last: () => Promise<unknown>): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const holding = navigator.locks.request(name, async () => {
      await new Promise<void>((release) => resolve(release))
      await last()
    })
    holding.catch(reject)
  })
}

async function clearForgotten(inside: FileSystemDirectoryHandle): Promise<void> {
  const { held = [] } = await navigator.locks.query()
  const names = new Set(held.map(({ name }) => name))
  for await (const name of inside.keys()) {
    if (!names.has(lockOf(name))) await removeEntry(inside, name).catch(() => undefined)
  }
}
