/** Which items are shown, in which order. */
import type { LibraryItem } from '../../workers/library/library-item'

export type Filter = 'all' | 'recordings' | 'clips' | 'pictures'
export type Order = 'newest' | 'oldest' | 'name' | 'largest' | 'longest'

const KINDS: Readonly<Record<Filter, readonly LibraryItem['kind'][]>> = {
  all: ['recording', 'clip', 'gif', 'frames', 'still'],
  recordings: ['recording'],
  clips: ['clip', 'gif', 'frames'],
  pictures: ['still'],
}

const names = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

const BEFORE: Readonly<Record<Order, (a: LibraryItem, b: LibraryItem) => number>> = {
  newest: (a, b) => b.addedAt - a.addedAt,
  oldest: (a, b) => a.addedAt - b.addedAt,
  name: (a, b) => names.compare(a.name, b.name),
  largest: (a, b) => b.bytes - a.bytes,
  longest: (a, b) => (b.durationS ?? 0) - (a.durationS ?? 0),
}

/** Recordings that broke off are not among them: they wait for an answer elsewhere. */
export const arrange = (items: readonly LibraryItem[], filter: Filter, order: Order): LibraryItem[] =>
  items
    .filter(({ kind, state }) => KINDS[filter].includes(kind) && state !== 'interrupted')
    .sort((a, b) => BEFORE[order](a, b) || b.addedAt - a.addedAt)
