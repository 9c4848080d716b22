/** The server's "no" as an Error that has a name and its own words. */
import * as v from 'valibot'
import { problem, REFUSED } from '../words/errors'

const Refused = v.object({ error: v.object({ name: v.string(), message: v.string() }) })

/** What an answer other than a good one means. */
export function refusalOf(status: number, body: string): Error {
  const parsed = v.safeParse(Refused, parseJson(body))
  if (!parsed.success) return problem(status >= 502 ? 'ServerAbsentError' : 'ServerFailedError')
  const { name, message } = parsed.output.error
  return Object.assign(new Error(message), { name: `${REFUSED}${name}` })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // not ours, such as a proxy's page
  }
}
