import type { LibraryItem } from '../../workers/library/library-item'

export const KIND_NAMES: Readonly<Record<LibraryItem['kind'], string>> = {
  recording: 'Recording',
  clip: 'Clip',
  gif: 'Moving picture',
  frames: 'Frames',
  still: 'Picture',
}

/** 'Today 14:03', 'Yesterday 9:12', '3 May 2026, 14:03'. */
export function dateInWords(epochMs: number, now = Date.now()): string {
  const date = new Date(epochMs)
  const time = date.toLocaleTimeString(undefined, { timeStyle: 'short' })
  const days = daysBetween(date, new Date(now))
  if (days === 0) return `Today ${time}`
  if (days === 1) return `Yesterday ${time}`
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}

/** Midnights between them; a day may have 23 or 25 hours. */
const daysBetween = (from: Date, to: Date): number =>
  Math.round((dayOf(to).getTime() - dayOf(from).getTime()) / 86_400_000)

const dayOf = (date: Date): Date => new Date(date.getFullYear(), date.getMonth(), date.getDate())
