/** Small workflows for tests, written as a user writes his own: graphs and declarations in a folder. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobRequest } from '../../edge-server/jobs/job'

const load = { class_type: 'LoadImage', inputs: { image: 'x.png' }, _meta: { title: 'Load' } }
const save = (from: string) => ({
  class_type: 'SaveImage',
  inputs: { images: [from, 0], filename_prefix: 'toy' },
  _meta: { title: 'Save' },
})
const picture = {
  name: 'picture',
  label: 'Picture',
  kind: 'image',
  required: true,
  at: [{ node: 'Load', input: 'image' }],
}
const about = (kind: 'image' | 'video', node = 'Save') => ({
  title: 'A toy',
  does: 'Hands back what it was given.',
  model: 'none',
  inputs: [picture] as unknown[],
  parameters: [] as unknown[],
  outputs: [{ name: 'result', kind, nodes: [node] }],
  tiers: { standard: { label: 'Standard' } },
})
const number = (name: string, input: string, fallback: number, kind = 'number') => ({
  name,
  label: name,
  kind,
  default: fallback,
  min: 0,
  max: 10_000,
  step: kind === 'integer' ? 1 : 0.001,
  at: [{ node: 'Work', input }],
})

const toys = {
  /** Works for `seconds` in `steps`; previews with `preview`. */
  slow: {
    graph: {
      '1': load,
      '2': {
        class_type: 'EdgeTestSlow',
        inputs: { image: ['1', 0], seconds: 0, steps: 4, preview: false, nonce: 1 },
        _meta: { title: 'Work' },
      },
      '3': save('2'),
    },
    about: {
      ...about('image'),
      parameters: [
        number('seconds', 'seconds', 0),
        number('steps', 'steps', 4, 'integer'),
        {
          name: 'preview',
          label: 'Preview',
          kind: 'switch',
          default: false,
          at: [{ node: 'Work', input: 'preview' }],
        },
        { name: 'nonce', label: 'Nonce', kind: 'seed', max: 2 ** 40, at: [{ node: 'Work', input: 'nonce' }] },
      ],
    },
  },
  /** Fails on the box with the message of a real one. */
  fail: {
    graph: {
      '1': load,
      '2': {
        class_type: 'EdgeTestFail',
        inputs: { image: ['1', 0], message: "[Errno 2] No such file: '/srv/ComfyUI/models/secret/wan.pt'" },
        _meta: { title: 'Work' },
      },
      '3': save('2'),
    },
    about: about('image'),
  },
  /** Needs a model file. */
  model: {
    graph: {
      '1': load,
      '2': { class_type: 'VAELoader', inputs: { vae_name: 'toy_vae.safetensors' }, _meta: { title: 'VAE' } },
      '3': {
        class_type: 'VAEEncode',
        inputs: { pixels: ['1', 0], vae: ['2', 0] },
        _meta: { title: 'Encode' },
      },
      '4': {
        class_type: 'VAEDecode',
        inputs: { samples: ['3', 0], vae: ['2', 0] },
        _meta: { title: 'Decode' },
      },
      '5': save('4'),
    },
    about: about('image'),
  },
  /** Makes a video. */
  video: {
    graph: {
      '1': load,
      '2': { class_type: 'CreateVideo', inputs: { images: ['1', 0], fps: 24 }, _meta: { title: 'Video' } },
      '3': {
        class_type: 'SaveVideo',
        inputs: { video: ['2', 0], filename_prefix: 'toy', format: 'auto', codec: 'auto' },
        _meta: { title: 'Save' },
      },
    },
    about: about('video'),
  },
} as const

export type Toy = keyof typeof toys

/** Writes the toys into a folder for `openWorkflows`. */
export async function writeToys(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, { graph, about }] of Object.entries(toys)) {
    await writeFile(join(folder, `toy_${name}.json`), JSON.stringify(graph))
    await writeFile(join(folder, `toy_${name}.about.json`), JSON.stringify(about))
  }
}

/** Graphs of the toys, for a stand-in that is to know their nodes. */
export const toyGraphs: readonly unknown[] = Object.values(toys).map(({ graph }) => graph)

/** A job for a toy, with the id of a stored picture. */
export const toyRequest = (
  toy: Toy,
  picture: string,
  parameters: JobRequest['parameters'] = {},
): JobRequest => ({
  workflow: `toy_${toy}`,
  tier: 'standard',
  inputs: { picture },
  parameters,
  sentence: `the ${toy} toy`,
})
