import { afterEach, expect, test, vi } from 'vitest'
import { openParts, type TestParts } from '../../tests/api/parts'
import { createApp } from '../app'
import type { Box, Boxes, BoxHealth } from '../comfy/boxes'

let parts: TestParts
afterEach(() => {
  vi.useRealTimers()
  return parts[Symbol.asyncDispose]()
})

async function ask(path: string, boxes: readonly Partial<Box>[]): Promise<unknown> {
  const list = boxes.map((box) => ({ name: 'attic', load: 0, taken: 0, concurrency: 2, ...box })) as Box[]
  parts = await openParts({ boxes: { list } as unknown as Boxes })
  return (await createApp(parts).request(`http://localhost${path}`)).json()
}
const up: BoxHealth = { name: 'up', version: '0.26.0', objectInfo: new Map() }
const down = (reason: string): BoxHealth => {
  const now = Date.now()
  return { name: 'down', reason, sinceMs: now - 30_000, nextTryMs: now + 5000 }
}

test('looks again when asked, and tells what it found', async () => {
  const refresh = vi.fn(async () => {})
  parts = await openParts({ boxes: { list: [], refresh } as unknown as Boxes })
  const response = await createApp(parts).request('http://localhost/api/boxes/look', { method: 'POST' })
  expect([response.status, await response.json()]).toEqual([200, { boxes: [] }])
  expect(refresh).toHaveBeenCalledOnce()
})

test('says how each is, in words', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const boxes = [
    { health: up },
    { name: 'cellar', health: up, load: 3, taken: 1 },
    { name: 'new', health: { name: 'unknown' } as const },
    { name: 'far', health: down('It refuses the connection') },
  ]
  const common = { load: 0, taken: 0, concurrency: 2 }
  expect(await ask('/api/boxes', boxes)).toEqual({
    boxes: [
      { ...common, name: 'attic', state: 'up', health: 'Answers, and is free.', version: '0.26.0' },
      {
        ...common,
        name: 'cellar',
        state: 'up',
        health: 'Answers, with 3 in its queue.',
        version: '0.26.0',
        load: 3,
        taken: 1,
      },
      { ...common, name: 'new', state: 'unknown', health: 'Not asked yet.' },
      {
        ...common,
        name: 'far',
        state: 'down',
        health: 'It refuses the connection. Down for 30 s, asked again in 5 s.',
      },
    ],
  })
})

test('never tells the password of an address', async () => {
  const address = 'http://me:secret@10.0.0.7:8188'
  const answer = await ask('/api/boxes', [
    { name: address, health: down(`${address}/queue does not answer`) },
  ])
  expect(JSON.stringify(answer)).not.toMatch(/secret|me:/)
  expect(JSON.stringify(answer)).toContain('http://10.0.0.7:8188')
})

test('the health of the server counts them', async () => {
  const answer = await ask('/api/health', [{ health: up }, { health: down('x') }])
  expect(answer).toMatchObject({ boxes: { up: 1, all: 2 } })
})

test.each([
  [[], /No ComfyUI box is set up\..*COMFYUI_URLS/],
  [[{ health: { name: 'unknown' } as const }], /being asked/],
  [[{ health: down('x') }], /^Your box does not answer\.$/],
  [[{ health: down('x') }, { health: down('x') }], /^None of your boxes answers\.$/],
])('without a box that answers, workflows say why none can run them', async (boxes, reason) => {
  expect(await ask('/api/workflows', boxes)).toMatchObject({
    workflows: [
      {
        id: 'slow_picture',
        isOwn: true,
        inputs: [{ name: 'picture', kind: 'image', required: true }],
        tiers: [{ name: 'fast', readiness: { name: 'noBox', reason: expect.stringMatching(reason) } }, {}],
      },
    ],
  })
})

test('workflows say what the nearest box lacks, or which boxes can run them', async () => {
  const bare = { name: 'bare', health: up }
  expect(await ask('/api/workflows', [bare])).toMatchObject({
    workflows: [
      {
        tiers: [
          {
            readiness: {
              name: 'lacking',
              box: 'bare',
              missing: expect.arrayContaining([
                { kind: 'node', name: 'EdgeTestSlow', how: expect.any(String) },
              ]),
            },
          },
          {},
        ],
      },
    ],
  })
})
