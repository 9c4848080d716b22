/** Which errors of a call to a box are the box's. */

const NAMES = ['BoxUnreachableError', 'BoxAnswerError', 'BoxRefusedError'] as const
export type BoxErrorName = (typeof NAMES)[number]

/** The name of an error that a box caused; throws what is none, and everything once `signal` has aborted. */
export function boxErrorName(error: unknown, signal: AbortSignal): BoxErrorName {
  const name =
    error instanceof Error && !signal.aborted ? NAMES.find((known) => known === error.name) : undefined
  if (!name) throw error
  return name
}
