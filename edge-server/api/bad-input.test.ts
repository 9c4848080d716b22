/** What every route that takes JSON does with what is not for it: the right status, one shape of error, nothing queued. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OWN } from '../../tests/api/own-workflow'
import { startServer, type TestServer } from '../../tests/api/server'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

async function post(path: string, body: BodyInit | undefined, headers: Record<string, string> = {}) {
  const response = await fetch(server.origin + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  })
  return { status: response.status, body: (await response.json()) as unknown }
}
const refusal = (name: string) => ({ error: { name, message: expect.stringMatching(/\w.*\./s) } })

const file = 'a'.repeat(64)
const job = (changed: object) => JSON.stringify({ workflow: OWN, inputs: { picture: file }, ...changed })
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

describe.each(['/api/prompt/parse', '/api/generate'])('%s', (path) => {
  test.each<[string, BodyInit | undefined, Record<string, string>, number, string]>([
    ['no body', undefined, {}, 400, 'BadRequest'],
    ['an empty body', '', {}, 400, 'BadRequest'],
    ['no JSON', '{"text":', {}, 400, 'BadRequest'],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0]), {}, 400, 'BadRequest'],
    ['null', 'null', {}, 400, 'BadRequest'],
    ['a number', '17', {}, 400, 'BadRequest'],
    ['a list', '[]', {}, 400, 'BadRequest'],
    ['nothing in it', '{}', {}, 400, 'BadRequest'],
    ['only a prototype', '{"__proto__":{"text":"x","workflow":"x","inputs":{}}}', {}, 400, 'BadRequest'],
    ['other kinds of values', '{"text":[],"workflow":{},"inputs":[]}', {}, 400, 'BadRequest'],
    [
      'a form',
      'text=hello',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      415,
      'UnsupportedMedia',
    ],
    ['text', '{"text":"x"}', { 'Content-Type': 'text/plain' }, 415, 'UnsupportedMedia'],
    [
      'a relative of JSON',
      '{"text":"x"}',
      { 'Content-Type': 'application/ld+json' },
      415,
      'UnsupportedMedia',
    ],
    ['more than 256 kB', `{"text":"${'x'.repeat(300_000)}"}`, {}, 413, 'TooLarge'],
    ['a deep nest', `{"text":"x","x":${nested(5000)}}`, {}, 400, 'BadRequest'],
    ['a hundred thousand values', `{"text":"x","x":[${'1,'.repeat(100_000)}1]}`, {}, 400, 'BadRequest'],
    ['many keys', `{${Array.from({ length: 9000 }, (_, i) => `"k${i}":1`).join()}}`, {}, 400, 'BadRequest'],
    ['a page of another site', '{"text":"x"}', { Origin: 'https://evil.example' }, 403, 'ForbiddenOrigin'],
  ])('%s', async (_, body, headers, status, name) => {
    expect(await post(path, body, headers)).toEqual({ status, body: refusal(name) })
  })

  test('more than 256 kB whose size was not told', async () => {
    const response = await fetch(server.origin + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: new Blob(['x'.repeat(300_000)]).stream(),
      duplex: 'half',
    } as RequestInit)
    expect([response.status, await response.json()]).toEqual([413, refusal('TooLarge')])
  })
})

describe('values of a job', () => {
  test.each<[string, object, number]>([
    ['a workflow by a path', { workflow: '../../etc/passwd' }, 400],
    ['a workflow of the language', { workflow: '__proto__' }, 400],
    ['a workflow that objects have', { workflow: 'constructor' }, 404],
    ['an unknown workflow', { workflow: 'make_money' }, 404],
    ['no such quality', { tier: 'best' }, 400],
    ['a path for a file', { inputs: { picture: '/etc/passwd' } }, 400],
    ['an address for a file', { inputs: { picture: 'http://169.254.169.254/' } }, 400],
    ['an id in capitals', { inputs: { picture: 'A'.repeat(64) } }, 400],
    ['a file that is not here', {}, 400],
    ['an input it does not have', { inputs: { picture: file, other: file } }, 400],
    ['a parameter it does not have', { parameters: { class_type: 'Evil' } }, 400],
    ['a parameter out of its range', { parameters: { steps: 21 } }, 400],
    ['a part of a step', { parameters: { steps: 1.5 } }, 400],
    ['a number as text', { parameters: { steps: '4' } }, 400],
    ['a node as a value', { parameters: { steps: ['1', 0] } }, 400],
    ['a value beyond numbers', { parameters: { seconds: 1e308 * 10 } }, 400],
    ['a seed below zero', { parameters: { seed: -1 } }, 400],
    ['a sentence without end', { sentence: 'x'.repeat(2001) }, 400],
  ])('%s', async (_, changed, status) => {
    const name = status === 404 ? 'NotFound' : 'BadRequest'
    expect(await post('/api/generate', job(changed))).toEqual({ status, body: refusal(name) })
  })
})

test.each([
  '/api/jobs?limit=0',
  '/api/jobs?limit=201',
  '/api/jobs?limit=many',
  '/api/jobs?state=dancing',
  '/api/jobs?before=../x',
])('%s is refused', async (path) => {
  const response = await fetch(server.origin + path)
  expect([response.status, await response.json()]).toEqual([400, refusal('BadRequest')])
})

test.each([
  ['GET', ''],
  ['DELETE', ''],
  ['DELETE', '?forget=true'],
  ['POST', '/retry'],
  ['GET', '/result'],
  ['GET', '/thumbnail'],
])('%s of a job that is not there%s', async (method, rest) => {
  const response = await fetch(`${server.origin}/api/jobs/${crypto.randomUUID()}${rest}`, { method })
  expect([response.status, await response.json()]).toEqual([404, refusal('NotFound')])
})

test('nothing of all this made a job, and no prototype was changed', async () => {
  expect(await server.parts.jobs.list({ limit: 10 })).toEqual([])
  expect(({} as Record<string, unknown>).text).toBe(undefined)
})
