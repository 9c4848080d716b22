/** Whether clips wait to be gone on with: known at the start of the page without waking the job thread. */
import type { Notices } from '../ui/notices'

const KEY = 'understudy.unfinished-clips'

export function rememberUnfinished(count: number): void {
  try {
    if (count > 0) localStorage.setItem(KEY, String(count))
    else localStorage.removeItem(KEY)
  } catch {
    // storage is off: then no job outlives the page either
  }
}

/** Says that the page went away before the queue was done, and leads there. */
export function offerUnfinished(notices: Notices, goThere: () => void): void {
  const count = Number(readCount())
  if (!(count > 0)) return
  const title = count === 1 ? 'A clip is not finished' : `${count} clips are not finished`
  const action = { label: 'Show', run: goThere }
  notices.say('info', { title, text: 'What was done of it is kept.' }, { action, forMs: 20_000 })
}

function readCount(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null // storage is off
  }
}
