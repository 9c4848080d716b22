import { expect, test } from 'vitest'
import type { PromptEvent } from '../../comfy/comfy'
import type { BuiltGraph } from '../../workflows/workflow'
import { promptProgress } from './progress'

// load (2) → sampler (24) → decode (4) → save (2); "aside" is in the graph and runs for nothing.
const built: BuiltGraph = {
  graph: {
    load: { class_type: 'UNETLoader', inputs: {} },
    sampler: { class_type: 'KSampler', inputs: { model: ['load', 0] } },
    decode: { class_type: 'VAEDecode', inputs: { samples: ['sampler', 0] } },
    save: { class_type: 'SaveVideo', inputs: { images: ['decode', 0] } },
    aside: { class_type: 'ImageInvert', inputs: {} },
  },
  outputs: new Map([['save', 'video']]),
  doing: new Map([
    ['load', 'Loading the model'],
    ['sampler', 'Sampling'],
  ]),
}

function hear(events: readonly PromptEvent[], from = 0, graph: BuiltGraph | undefined = built) {
  const told: { fraction: number; doing: string }[] = []
  const listen = promptProgress(graph, from, (fraction, doing) => told.push({ fraction, doing }))
  for (const event of events) listen(event)
  return told
}
const node = (nodeId: string): PromptEvent => ({ kind: 'node', nodeId })
const step = (nodeId: string, value: number, max: number): PromptEvent => ({
  kind: 'progress',
  nodeId,
  value,
  max,
})

test('runs from 0 to 1 over the whole prompt, most of it while sampling', () => {
  const told = hear([
    { kind: 'started' },
    node('load'),
    node('sampler'),
    step('sampler', 6, 6),
    node('decode'),
    node('save'),
    step('save', 1, 1),
  ])
  expect(told[0]).toEqual({ fraction: 0, doing: 'Starting' })
  expect(told[1]).toEqual({ fraction: 0, doing: 'Loading the model' })
  expect(told[2]).toEqual({ fraction: 2 / 32, doing: 'Sampling' })
  expect(told[3]).toEqual({ fraction: 26 / 32, doing: 'Sampling, step 6 of 6' })
  expect(told.at(-1)).toEqual({ fraction: 1, doing: 'Working' })
})

test('counts more on the sampler the more steps it has', () => {
  const sampler = { class_type: 'KSampler', inputs: { model: ['load', 0], steps: 20 } }
  const told = hear([node('sampler')], 0, { ...built, graph: { ...built.graph, sampler } })
  expect(told.at(-1)?.fraction).toBeCloseTo(2 / 128)
})

test('never goes back: not when a sampler begins anew, and not when nodes come in another order', () => {
  const told = hear([
    node('sampler'),
    step('sampler', 6, 6),
    step('sampler', 1, 6),
    node('load'),
    step('sampler', 3, 6),
    node('decode'),
  ])
  const fractions = told.map(({ fraction }) => fraction)
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
})

test('cached nodes count as done', () => {
  expect(hear([{ kind: 'cached', nodeIds: ['load', 'sampler'] }]).at(-1)?.fraction).toBe(26 / 32)
})

test('listening from the middle knows that what came before is done', () => {
  expect(hear([node('decode')]).at(-1)?.fraction).toBe(26 / 32)
})

test('begins where it was before', () => {
  expect(hear([node('load'), node('sampler')], 0.5).map(({ fraction }) => fraction)).toEqual([0.5, 0.5])
})

test('nodes that a node grew are that node', () => {
  expect(hear([step('sampler.0.0.3', 3, 6)]).at(-1)).toEqual({
    fraction: (2 + 12) / 32,
    doing: 'Sampling, step 3 of 6',
  })
})

test('without a graph there are words and no numbers', () => {
  const told: unknown[] = []
  const listen = promptProgress(undefined, 0.25, (fraction, doing) => told.push([fraction, doing]))
  listen(node('7'))
  listen(step('7', 2, 4))
  expect(told).toEqual([[0.25, 'Working']])
})

test('steps in quick succession are told once, and the last one always', () => {
  const steps = Array.from({ length: 1000 }, (_, at) => step('sampler', at + 1, 1000))
  const told = hear([node('sampler'), ...steps])
  expect(told.length).toBeLessThan(100)
  expect(told.at(-1)?.doing).toBe('Sampling, step 1000 of 1000')
})
