import { type Accessor, createSignal, onCleanup } from 'solid-js'

/** Whether the media query holds, now and later. */
export function createMediaQuery(query: string): Accessor<boolean> {
  const list = matchMedia(query)
  const [matches, setMatches] = createSignal(list.matches)
  const changed = () => setMatches(list.matches)
  list.addEventListener('change', changed)
  onCleanup(() => list.removeEventListener('change', changed))
  return matches
}

/** A phone, upright or on its side: one column, the inspector as a sheet. The same words stand in live.css. */
export const COMPACT = '(max-width: 860px), (max-height: 520px)'
