/** What a sentence is answered with, where a box can do what it asks and where none can. */
import { hc } from 'hono/client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openParts, type TestParts } from '../../tests/api/parts'
import { type StandIn, startStandIn } from '../../tests/comfy/stand-in'
import type { PromptView } from '../api/schemas'
import { type App, createApp } from '../app'
import type { Boxes } from '../comfy/boxes'
import { openBoxes } from '../comfy/open-boxes'
import type { ParsedPrompt } from '../prompt/parse-prompt'
import { openWorkflows, shippedDefinitions } from '../workflows/open-workflows'

const soon = () => AbortSignal.timeout(10_000)
let box: StandIn
let boxes: Boxes
let parts: TestParts
const asked: Parameters<TestParts['readPrompt']>[] = []

beforeAll(async () => {
  const graphs = [...shippedDefinitions().values()].map(({ parts, ...rest }) => ({
    ...rest,
    parts: [...parts.values()],
  }))
  box = await startStandIn({ graphs })
  boxes = openBoxes([{ name: 'attic', url: box.url, concurrency: 1 }])
  const workflows = await openWorkflows(undefined)
  const { readPrompt, ...rest } = await openParts({ boxes, workflows })
  parts = {
    ...rest,
    readPrompt: (...args) => {
      asked.push(args)
      return readPrompt(...args)
    },
  }
})
afterAll(async () => {
  await parts?.[Symbol.asyncDispose]()
  await boxes?.close()
  await box?.close()
})
beforeEach(() => {
  box.show()
  asked.length = 0
})

async function parse(text: string, readPrompt = parts.readPrompt): Promise<PromptView> {
  const app = createApp({ ...parts, readPrompt })
  const { api } = hc<App>('http://localhost', { fetch: app.request })
  return (await api.prompt.parse.$post({ json: { text, images: 1, videos: 1, mode: 'motion' } })).json()
}
const best = async (text: string) => (await parse(text)).choices[0]

test('the choices carry title and model, and which boxes can do it', async () => {
  await boxes.refresh(soon())
  const prompt = await parse('make my character dance like in the video, 5 seconds, no blur')
  expect(prompt).toMatchObject({
    language: 'en',
    understood: true,
    readBy: 'rules',
    parameters: { durationS: 5, negative: ['blur'] },
    choices: [
      {
        workflow: 'wan22_animate_move',
        title: expect.stringMatching(/\w/),
        model: expect.stringContaining('Wan'),
        reasons: expect.arrayContaining([expect.stringContaining('dance')]),
        missing: [],
        readiness: { name: 'ready', boxes: ['attic'] },
      },
      {},
      {},
      {},
    ],
  })
  expect(asked).toMatchObject([
    [expect.any(String), { images: 1, videos: 1, mode: 'motion' }, expect.any(AbortSignal)],
  ])
})

test('what the box lacks is named, with how to get it', async () => {
  box.hide({ nodes: ['WanAnimateToVideo'] })
  await boxes.refresh(soon())
  expect((await best('make my character dance like in the video'))?.readiness).toEqual({
    name: 'lacking',
    box: 'attic',
    missing: [{ kind: 'node', name: 'WanAnimateToVideo', how: expect.stringMatching(/\w+.*\./) }],
  })
})

test('a choice that is not installed is left out', async () => {
  const { readPrompt } = parts
  const odd: typeof readPrompt = async (...args) => {
    const parsed = await readPrompt(...args)
    const [first, ...rest] = parsed.choices
    return { ...parsed, choices: [{ ...first, workflow: 'gone' }, ...rest] } as unknown as ParsedPrompt
  }
  const { choices } = await parse('make my character dance', odd)
  expect(choices.length).toBe(3)
  expect(choices.map(({ workflow }) => workflow)).not.toContain('gone')
})
