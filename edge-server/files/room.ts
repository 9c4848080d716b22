/** How much may still be stored: the quota of the files, and what is free on their disk. */
import { statfs } from 'node:fs/promises'
import type { FileLimits } from './files'
import { diskFull, quotaExceeded } from './refusals'

/** Bytes that are being received and not stored yet. */
export interface Place extends Disposable {
  /** Throws a Refusal named QuotaExceeded, or DiskFull where the bytes are not on the disk yet. */
  grow(bytes: number, isOnDisk?: boolean): void
}

export interface Room {
  /** Begins to receive; dispose the place when the file is stored or refused. */
  reserve(): Promise<Place>
  /** Counts a stored file, or one that was removed. */
  take(bytes: number): void
  give(bytes: number): void
  /** Bytes of all that is stored. */
  used(): Promise<number>
}

const freshMs = 60_000 // other servers may share the folder: the count is taken again then
const defaultSpareBytes = 256 * 2 ** 20

/** `count` adds up what is stored; it is asked seldom. */
export function openRoom(
  folder: string,
  { quotaBytes, spareBytes = defaultSpareBytes }: FileLimits,
  count: () => Promise<number>,
): Room {
  let stored = 0
  let incoming = 0
  let countedMs = Number.NEGATIVE_INFINITY
  let counting: Promise<void> | undefined

  async function countAgain(): Promise<void> {
    const [changedBefore, bytes] = [changes, await count()]
    stored = bytes + (changes - changedBefore)
    countedMs = Date.now()
  }
  let changes = 0 // bytes taken less bytes given, so that what happens during a count is not lost
  function change(bytes: number): void {
    stored += bytes
    changes += bytes
  }

  async function used(): Promise<number> {
    const isFirst = countedMs === Number.NEGATIVE_INFINITY
    if (Date.now() - countedMs > freshMs) {
      counting ??= countAgain().finally(() => {
        counting = undefined
      })
    }
    // Later counts only bring in what other servers did: nobody waits for them, and the next one comes where one fails.
    if (isFirst) await counting
    else counting?.catch(() => {})
    return stored
  }

  return {
    async reserve() {
      await used()
      const { bavail, bsize } = await statfs(folder)
      let free = bavail * bsize - spareBytes
      let own = 0
      return {
        grow(bytes, isOnDisk = false) {
          if (!isOnDisk) free -= bytes
          own += bytes
          incoming += bytes
          if (stored + incoming > quotaBytes) throw quotaExceeded()
          if (free < 0) throw diskFull()
        },
        [Symbol.dispose]() {
          incoming -= own
        },
      }
    },
    take: change,
    give: (bytes) => change(-bytes),
    used,
  }
}
