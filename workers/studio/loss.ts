import type { Look } from './look'

/** What to do with a frame: draw it, draw it behind a veil, or leave the last picture standing. */
export type Showing = 'plain' | 'hide' | 'freeze'

/**
 * What a frame shows when a face that should be swapped is not there. "Hide" and "freeze" mean that the plate must not be
 * seen without the swap, so they hold from the very first frame, before any face was found.
 */
export function showing(
  policy: Look['onLoss'],
  swapped: number,
  missing: number,
  shownBefore: boolean,
): Showing {
  if (policy === 'plain' || (swapped > 0 && missing === 0)) return 'plain'
  return policy === 'freeze' && !shownBefore ? 'hide' : policy
}
