/** Bodies of requests: small JSON, and nothing else. */
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Refusal } from '../errors'

const MAX_BYTES = 256 * 1024
const MAX_DEPTH = 12
const MAX_VALUES = 5000

const limit = bodyLimit({
  maxSize: MAX_BYTES,
  onError: (c) => {
    c.header('Connection', 'close') // what is not read cannot be followed by another request
    throw new Refusal(413, 'TooLarge', 'A request may have 256 kB.')
  },
})

/** Refuses a body that is not JSON, too large, or nested to keep a server busy. The body can be read again after it. */
export const smallJson: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    throw new Refusal(415, 'UnsupportedMedia', 'This takes application/json.')
  }
  // What the limit hands on is the rest of the chain; only a body that it let through is looked at.
  return limit(c, async () => {
    if (!isModest(await parsed(c.req.text()))) {
      throw new Refusal(400, 'BadRequest', 'The request is nested too deeply, or has too many values.')
    }
    await next()
  })
}

async function parsed(text: Promise<string>): Promise<unknown> {
  try {
    return JSON.parse(await text)
  } catch {
    throw new Refusal(400, 'BadRequest', 'The request is not JSON.')
  }
}

/** Walks without recursion: depth is what it guards against. */
function isModest(value: unknown): boolean {
  let level: unknown[] = [value]
  let values = 1
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH || values > MAX_VALUES) return false
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
    values += level.length
  }
  return true
}
