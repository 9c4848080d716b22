import { createStore, produce } from 'solid-js/store'
import type { Words } from '../words/errors'

export type Tone = 'info' | 'done' | 'problem'

interface Action {
  readonly label: string
  readonly run: () => void
}

export interface Notice extends Words {
  readonly id: number
  readonly tone: Tone
  readonly action?: Action | undefined
  readonly otherAction?: Action | undefined
}

export interface NoticeOptions {
  readonly action?: Action
  readonly otherAction?: Action
  /** Infinity: until dismissed. */
  readonly forMs?: number
}

const FOR_MS: Readonly<Record<Tone, number>> = { info: 6000, done: 4000, problem: 12000 }

/** Short messages that come and go in a corner. The same title is never shown twice at once. */
export function createNotices() {
  const [list, setList] = createStore<Notice[]>([])
  const timers = new Map<number, number>()
  let lastId = 0

  const dismiss = (id: number) => {
    clearTimeout(timers.get(id))
    timers.delete(id)
    setList(produce((notices) => void removeWhere(notices, (notice) => notice.id === id)))
  }

  const say = (
    tone: Tone,
    words: Words,
    { action, otherAction, forMs = FOR_MS[tone] }: NoticeOptions = {},
  ): number => {
    const id = ++lastId
    setList(
      produce((notices) => {
        removeWhere(notices, ({ title }) => title === words.title)
        notices.push({ id, tone, ...words, action, otherAction })
        if (notices.length > 4) notices.shift()
      }),
    )
    if (Number.isFinite(forMs)) timers.set(id, window.setTimeout(dismiss, forMs, id))
    return id
  }

  return { list, say, dismiss }
}

export type Notices = ReturnType<typeof createNotices>

function removeWhere(notices: Notice[], matches: (notice: Notice) => boolean): void {
  const at = notices.findIndex(matches)
  if (at >= 0) notices.splice(at, 1)
}
