/** The errors of a box, by name; `RefusedError` is in comfy.ts. Messages are for people and never hold an address. */

/** No connection, it broke, or no answer in time. */
export function unreachable(box: string, what: string): Error {
  return Object.assign(new Error(`The box “${box}” ${what}.`), { name: 'BoxUnreachableError' })
}

/** An answer that is not what ComfyUI answers. */
export function badAnswer(box: string, what: string): Error {
  return Object.assign(new Error(`The box “${box}” ${what}.`), { name: 'BoxAnswerError' })
}

export function isUnreachable(error: unknown): error is Error {
  return error instanceof Error && error.name === 'BoxUnreachableError'
}

/** One of the two: the box is in trouble, not what it was asked. */
export function isBoxTrouble(error: unknown): error is Error {
  return isUnreachable(error) || (error instanceof Error && error.name === 'BoxAnswerError')
}
