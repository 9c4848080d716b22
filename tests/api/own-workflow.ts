/** A workflow of a user's own for tests: a picture goes in, takes its time with previews, and comes out. */
import { declaredWorkflow } from '../../edge-server/workflows/declared-workflow'
import { parseDeclaration } from '../../edge-server/workflows/faults'
import { parseGraph } from '../../edge-server/workflows/graph'
import type { Workflows } from '../../edge-server/workflows/workflow'

export const OWN = 'slow_picture'

const graph = {
  '1': { class_type: 'LoadImage', inputs: { image: 'example.png' }, _meta: { title: 'Picture' } },
  '2': {
    class_type: 'EdgeTestSlow',
    inputs: { image: ['1', 0], seconds: 1, steps: 4, preview: true, nonce: 0 },
    _meta: { title: 'Slow' },
  },
  '3': {
    class_type: 'SaveImage',
    inputs: { images: ['2', 0], filename_prefix: 'x' },
    _meta: { title: 'Save' },
  },
}

const about = {
  title: 'Slow picture',
  does: 'Takes its time.',
  model: 'None',
  inputs: [
    {
      name: 'picture',
      label: 'Picture',
      kind: 'image',
      required: true,
      at: [{ node: 'Picture', input: 'image' }],
    },
  ],
  parameters: [
    {
      kind: 'number',
      name: 'seconds',
      label: 'Seconds',
      default: 0.2,
      min: 0,
      max: 60,
      step: 0.1,
      at: [{ node: 'Slow', input: 'seconds' }],
    },
    {
      kind: 'integer',
      name: 'steps',
      label: 'Steps',
      default: 4,
      min: 1,
      max: 20,
      step: 1,
      at: [{ node: 'Slow', input: 'steps' }],
    },
    { kind: 'seed', name: 'seed', label: 'Seed', max: 1000, at: [{ node: 'Slow', input: 'nonce' }] },
  ],
  outputs: [{ name: 'result', kind: 'image', nodes: ['Save'] }],
  tiers: { fast: { label: 'Fast' }, standard: { label: 'Standard' } },
}

/** That workflow alone, as if its files were in the user's folder. */
export function ownWorkflows(): Workflows {
  const parts = new Map()
  const parsed = parseGraph(graph)
  const declaration = parseDeclaration(parsed, about, parts)
  const workflow = declaredWorkflow(OWN, { graph: parsed, declaration, parts }, true)
  return { list: [workflow], find: (id) => (id === OWN ? workflow : undefined), faults: [] }
}
