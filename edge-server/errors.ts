/** From errors to HTTP answers. Every refusal has one shape: { error: { name, message } }. */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

export type RefusalName =
  | 'BadRequest' // 400
  | 'NotPaired' // 401
  | 'ForbiddenHost' // 403
  | 'OwnerOnly' // 403
  | 'ForbiddenOrigin' // 403
  | 'NotFound' // 404
  | 'PeerAbsent' // 404
  | 'Conflict' // 409
  | 'Empty' // 400
  | 'TooLarge' // 413
  | 'UnsupportedMedia' // 415
  | 'TooMany' // 429
  | 'Internal' // 500
  | 'Unavailable' // 503
  | 'DiskFull' // 507
  | 'QuotaExceeded' // 507

/** What a client is told when it is refused. */
export interface ErrorBody {
  readonly error: { readonly name: RefusalName; readonly message: string }
}

/** A request the server will not or cannot answer; `message` is shown to people. */
export class Refusal extends Error {
  readonly status: ContentfulStatusCode

  constructor(status: ContentfulStatusCode, name: RefusalName, message: string) {
    super(message)
    this.status = status
    this.name = name
  }
}

/** Errors of the queue and of the files whose messages are sentences for people. */
const TOLD = new Map<string, readonly [ContentfulStatusCode, RefusalName]>([
  ['DiskFullError', [507, 'DiskFull']],
  ['FileGoneError', [404, 'NotFound']],
  ['QueueUnavailableError', [503, 'Unavailable']],
])

/** Turns whatever a route threw into an answer; what nobody expected is logged and kept from the client. */
export function answerError(error: Error, c: Context): Response {
  if (error instanceof Refusal) return refuse(c, error.status, error.name as RefusalName, error.message)
  if (error instanceof HTTPException) return refuse(c, error.status, 'BadRequest', error.message)
  const told = TOLD.get(error.name)
  if (told) return refuse(c, ...told, error.message)
  if (c.req.raw.signal.aborted) return refuse(c, 400, 'BadRequest', 'The request was given up.') // nobody hears it
  console.error(error)
  return refuse(c, 500, 'Internal', 'The server failed on this request; its log says why.')
}

function refuse(c: Context, status: ContentfulStatusCode, name: RefusalName, message: string): Response {
  return c.json({ error: { name, message } } satisfies ErrorBody, status)
}
