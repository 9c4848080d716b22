/** Against a real HTTP server that answers as local model servers do. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openLanguageModel } from './language-model'
import { parsePrompt } from './parse-prompt'

const good = {
  workflow: 'wan_r2v_character',
  understood: true,
  reason: 'The sentence describes a scene.',
  quality: 'high',
  durationS: 4,
  strength: null,
  style: null,
  negative: [],
}
const given = { images: 1, videos: 0, mode: undefined }

let server: Server
let url: string
let asked: { path: string | undefined; authorization: string | undefined; body: string }[]
let answer: { status: number; body: string }
const saying = (content: unknown) => ({
  status: 200,
  body: JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] }),
})

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  asked = []
  answer = saying(JSON.stringify(good))
  server = createServer(async (request, response) => {
    asked.push({
      path: request.url,
      authorization: request.headers.authorization,
      body: await textOf(request),
    })
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(answer.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
})
afterEach(() => {
  vi.restoreAllMocks()
  server.closeAllConnections()
  server.close()
})

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += part
  return text
}

const read = (text: string, key?: string) =>
  openLanguageModel({ url, model: 'tiny', key })(text, given, new AbortController().signal)

test("the model's choice comes first, with its reason, and what the rules read exactly stays", async () => {
  const { choices, parameters, readBy } = await read('hmm, something for 7 seconds', 'secret-key')
  expect(readBy).toBe('model')
  expect(choices[0]).toMatchObject({ workflow: 'wan_r2v_character', reasons: [good.reason], confidence: 1 })
  expect(new Set(choices.map(({ workflow }) => workflow)).size).toBe(choices.length)
  expect(parameters).toMatchObject({ durationS: 7, quality: 'high' })
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatchObject({ path: '/v1/chat/completions', authorization: 'Bearer secret-key' })
  expect(JSON.parse(asked[0]!.body)).toMatchObject({ model: 'tiny', temperature: 0 })
})

test.each([
  ['a workflow that there is not', () => saying(JSON.stringify({ ...good, workflow: '../../etc/passwd' }))],
  ['more than was asked', () => saying(JSON.stringify({ ...good, node: 'KSampler' }))],
  ['values out of range', () => saying(JSON.stringify({ ...good, strength: 7 }))],
  ['no JSON', () => saying('I think you want a face swap.')],
  ['no text', () => saying(null)],
  ['no choices', () => ({ status: 200, body: '{"choices":[]}' })],
  ['an error', () => ({ status: 500, body: 'no' })],
  ['too much', () => saying('x'.repeat(200_000))],
])('the rules read the sentence where the model answers with %s', async (_, bad) => {
  answer = bad()
  expect(await read('put me on the moon')).toEqual(parsePrompt('put me on the moon', given))
})

test('the rules read it where nobody answers; being aborted is no answer', async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
  expect((await read('put me on the moon')).readBy).toBe('rules')
  const aborted = AbortSignal.abort()
  await expect(
    openLanguageModel({ url, model: 'tiny', key: undefined })('x', given, aborted),
  ).rejects.toThrow()
})
