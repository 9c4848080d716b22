/** What a route takes and gives, said once: it validates, types the client and fills the OpenAPI document. */

import { type DescribeRouteOptions, describeRoute, resolver, validator } from 'hono-openapi'
import type { GenericSchema } from 'valibot'
import { Refusal } from '../errors'
import { Refused } from './schemas'

const WHY = {
  400: 'Something in the request is not as it must be; the message names every fault.',
  403: 'Only pages of this server, under its own name, may ask for this.',
  404: 'There is no such thing here.',
  409: 'Not possible in the state it is in.',
  413: 'Too large.',
  415: 'Not a media type that is taken here.',
  416: 'The range begins after the end. No body.',
  429: 'Too many; try again later.',
} as const

interface Described {
  readonly summary: string
  readonly tag: string
  /** Schemas, media types or nothing, by status. */
  readonly answers: Readonly<Record<number, GenericSchema | string | undefined>>
  readonly refuses?: readonly (keyof typeof WHY)[]
}

/** Puts a route into the OpenAPI document. */
export function describes({ summary, tag, answers, refuses = [] }: Described) {
  const responses: DescribeRouteOptions['responses'] = {}
  for (const [status, answer] of Object.entries(answers)) responses[status] = response(answer)
  for (const status of refuses) {
    responses[status] = { ...response(status === 416 ? undefined : Refused), description: WHY[status] }
  }
  return describeRoute({ summary, tags: [tag], responses })
}

function response(answer: GenericSchema | string | undefined) {
  if (answer === undefined) return { description: 'Done.' }
  if (typeof answer === 'string') {
    const schema = { type: 'string' as const, format: 'binary' }
    return { description: 'The bytes.', content: { [answer]: { schema } } }
  }
  return { description: 'As asked.', content: { 'application/json': { schema: resolver(answer) } } }
}

const MAX_FAULTS = 10

/** Parses one part of a request; what does not pass is refused, with every fault named. */
export function takes<T extends 'json' | 'query' | 'param' | 'header', S extends GenericSchema>(
  target: T,
  schema: S,
) {
  return validator(target, schema, (result) => {
    if (!result.success) throw new Refusal(400, 'BadRequest', sentences(result.error))
  })
}

interface Fault {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

function sentences(faults: readonly Fault[]): string {
  const shown = faults.slice(0, MAX_FAULTS).map(({ message, path = [] }) => {
    const where = path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.')
    return `${where || 'The request'}: ${message}.`
  })
  const more = faults.length - shown.length
  return [...shown, ...(more > 0 ? [`And ${more} more.`] : [])].join(' ')
}
