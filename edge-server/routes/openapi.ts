import { type Env, Hono, type Schema } from 'hono'
import { generateSpecs } from 'hono-openapi'
import { describes } from '../api/route'
import type { About } from './health'

/** The OpenAPI document of all routes of `app`, as they were when it is first asked for. */
export function openApiRoutes<E extends Env, S extends Schema, P extends string>(
  app: Hono<E, S, P>,
  { name, version }: About,
) {
  let made: Promise<string> | undefined
  const describeAll = async () => {
    const document = await generateSpecs(app, {
      // Refusals have a shape of their own, and each route says which it gives.
      defaultValidationErrorResponse: false,
      excludeStaticFile: false,
      documentation: { info: { title: name, version, description: ABOUT }, paths: RESUMABLE },
    })
    return JSON.stringify(document)
  }
  return new Hono().get(
    '/',
    describes({ summary: 'This document', tag: 'server', answers: { 200: 'application/json' } }),
    async (c) => {
      made ??= describeAll()
      // As text: the type of this document in the type of the app would be longer than all the rest.
      return c.body(await made, 200, { 'Content-Type': 'application/json' })
    },
  )
}

const ABOUT =
  'Every refusal is `{ error: { name, message } }`; the message is for people. Times are milliseconds.'

const tus = (summary: string, status: number) => ({
  summary,
  tags: ['files'],
  responses: { [status]: { description: 'As tus 1.0 says.' } },
})
const upload = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' as const } }]
/** A protocol of its own, https://tus.io/protocols/resumable-upload, which one route answers. */
const RESUMABLE = {
  '/api/upload/tus': { post: tus('Announce a resumable upload', 201) },
  '/api/upload/tus/{id}': {
    parameters: upload,
    head: tus('How much of it is here', 200),
    patch: tus('Send more of it', 204),
    delete: tus('Give it up', 204),
  },
}
