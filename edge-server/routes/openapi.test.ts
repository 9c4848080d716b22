import * as v from 'valibot'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OWN } from '../../tests/api/own-workflow'
import { openParts, type TestParts } from '../../tests/api/parts'
import { BoxList, Health, JobList, JobView, PromptView, Refused, WorkflowList } from '../api/schemas'
import { createApp } from '../app'

interface Operation {
  readonly operationId: string
  readonly summary?: string
  readonly parameters?: readonly { in: string; name: string; required?: boolean; schema: unknown }[]
  readonly responses: Readonly<Record<string, { description?: string }>>
}
interface Document {
  readonly openapi: string
  readonly info: { title: string; version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

let parts: TestParts
let app: ReturnType<typeof createApp>
let document: Document
let operations: [name: string, operation: Operation][]

beforeAll(async () => {
  parts = await openParts()
  app = createApp(parts)
  const response = await app.request('http://localhost/api/openapi.json')
  expect(response.headers.get('Content-Type')).toContain('application/json')
  document = (await response.json()) as Document
  // The resumable upload is a protocol of its own, and one route for all methods: it is described by hand.
  const paths = Object.entries(document.paths).filter(([path]) => !/\/tus(?:\/\{id\})?$/.test(path))
  expect(Object.keys(document.paths).length - paths.length).toBe(2)
  operations = paths.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  )
})
afterAll(() => parts[Symbol.asyncDispose]())

test('it is an OpenAPI 3.1 document of this app', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d+$/)
  expect(document.info).toMatchObject({ title: 'understudy', version: '1.2.3' })
})

test('each route of the app is in it, described, and nothing else', () => {
  const routes = new Set(
    app.routes
      .filter(({ method, path }) => method !== 'ALL' && /^\/(?:api|ws)\//.test(path) && !path.includes('*'))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`),
  )
  expect(routes.size).toBeGreaterThan(12)
  expect(new Set(operations.map(([name]) => name))).toEqual(routes)
  expect(operations.filter(([, { summary }]) => !summary).map(([name]) => name)).toEqual([])
})

test('names of operations differ, answers are described, parameters of paths are declared', () => {
  const ids = operations.map(([, { operationId }]) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [name, { responses, parameters = [] }] of operations) {
    expect(Object.keys(responses), name).not.toHaveLength(0)
    for (const [status, { description }] of Object.entries(responses)) {
      expect(status).toMatch(/^[1-5]\d\d$/)
      expect(description, `${name} ${status}`).toBeTruthy()
    }
    const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, key]) => key)
    const declared = parameters.filter((parameter) => parameter.in === 'path' && parameter.required)
    expect(declared.map((parameter) => parameter.name).sort(), name).toEqual(inPath.sort())
    for (const parameter of parameters) expect(parameter.schema, name).toBeTypeOf('object')
  }
})

test('every reference leads to a shape that is there', () => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref!)
  expect(refs.length).toBeGreaterThan(10)
  for (const ref of new Set(refs)) {
    const [root, group, kind, name] = ref.split('/')
    expect([root, group], ref).toEqual(['#', 'components'])
    expect(document.components[kind!]?.[name!], ref).toBeTypeOf('object')
  }
})

test.each([
  ['/api/health', Health],
  ['/api/boxes', BoxList],
  ['/api/workflows', WorkflowList],
  ['/api/jobs', JobList],
  ['/api/jobs/ID', JobView],
  ['/api/jobs/unknown', Refused],
  ['/api/prompt/parse', PromptView],
])('%s answers what the document says', async (path, shape) => {
  const request = {
    workflow: OWN,
    tier: 'fast',
    inputs: {},
    parameters: { steps: 1 },
    sentence: 'x',
  } as const
  const { job } = await parts.jobs.add(request, 'once')
  const asksByPost = path.includes('prompt')
  const response = await app.request(`http://localhost${path.replace('ID', job.id)}`, {
    method: asksByPost ? 'POST' : 'GET',
    headers: { 'Content-Type': 'application/json' },
    ...(asksByPost ? { body: JSON.stringify({ text: 'swap my face, 5 seconds' }) } : {}),
  })
  expect(v.safeParse(shape, await response.json()).issues).toBe(undefined)
})
