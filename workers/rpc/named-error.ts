/** An error that web/words/errors.ts has sentences for; of all that an error carries, only name and message cross threads. */
export function namedError(name: string, message: string): Error {
  const error = new Error(message)
  error.name = name
  return error
}

export const isAbort = (error: unknown): boolean =>
  (error instanceof Error || error instanceof DOMException) && error.name === 'AbortError'
