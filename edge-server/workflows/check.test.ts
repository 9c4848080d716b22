import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { ALL_MODELS, type BoxFacts, boxWith, objectInfoOf } from '../../tests/workflows/boxes'
import type { Graph, ObjectInfo } from '../comfy/comfy'
import { parseObjectInfo } from '../comfy/object-info'
import type { QualityTier } from '../jobs/job'
import { lacks } from './check'
import { openWorkflows } from './open-workflows'

const workflows = await openWorkflows(undefined)
const ID = 'a'.repeat(64)

function requestFor(id: string, tier: QualityTier) {
  const { card, check } = workflows.find(id)!
  const inputs = Object.fromEntries(card.inputs.map(({ name }) => [name, ID]))
  return check({ workflow: id, tier, inputs, parameters: {}, sentence: '' })
}
const missing = (id: string, facts: BoxFacts, tier: QualityTier = 'standard') =>
  workflows.find(id)!.missing(requestFor(id, tier), objectInfoOf(boxWith(facts)))

test('a missing pack is named with its address', () => {
  const found = missing('face_swap_reactor', { without: /^ReActor/ })
  expect(found).toContainEqual({
    kind: 'node',
    name: 'ReActorFaceSwap',
    how: expect.stringMatching(
      /ComfyUI-ReActor .*https:\/\/github\.com\/Gourieff\/ComfyUI-ReActor.*custom_nodes/,
    ),
  })
})

test('a missing model is named with its folder, address and size', () => {
  const models = ALL_MODELS.filter((name) => name !== 'wan_2.1_vae.safetensors')
  expect(missing('wan_r2v_character', { models })).toEqual([
    {
      kind: 'model',
      name: 'wan_2.1_vae.safetensors',
      how: expect.stringMatching(
        /https:\/\/\S+\/wan_2\.1_vae\.safetensors \(0\.25 GB\) to ComfyUI\/models\/vae/,
      ),
    },
  ])
})

test('a box that lacks much is told of the way that takes the fewest steps', () => {
  const without = /^(?:VHS_.*|DW.*|Depth.*|Sam2.*|DownloadAndLoadSAM2.*|.*GGUF)$/
  const found = missing('wan_vace_pose_transfer', { models: [], without })
  expect(found.map(({ name }) => name).sort()).toEqual([
    'DWPreprocessor',
    'DownloadAndLoadSAM2Model',
    'Sam2Segmentation',
    'Wan21_CausVid_14B_T2V_lora_rank32.safetensors',
    'umt5_xxl_fp8_e4m3fn_scaled.safetensors',
    'wan2.1_vace_14B_fp16.safetensors',
    'wan_2.1_vae.safetensors',
  ])
  // What is there already decides: with the files of SAM 3 and SDPose no pack is asked for.
  const models = [
    'sam3.1_multiplex_fp16.safetensors',
    'sdpose_wholebody_fp16.safetensors',
    'rt_detr_v4-x-hgnet_fp16.safetensors',
  ]
  const kinds = missing('wan_vace_pose_transfer', { models, without }).map(({ kind }) => kind)
  expect(kinds).toEqual(['model', 'model', 'model', 'model'])
})

test('a box that has only the small file of the model uses that', () => {
  const models = ALL_MODELS.filter((name) => !name.startsWith('wan2.1_vace'))
  expect(missing('wan_r2v_character', { models }, 'high')).toEqual([])
})

test('models in folders of their own are found, and used under the names the box has for them', () => {
  const models = ALL_MODELS.map((name) =>
    name.startsWith('umt5') ? `wan\\text\\${name.toUpperCase()}` : name,
  )
  const objectInfo = objectInfoOf(boxWith({ models }))
  const workflow = workflows.find('wan_r2v_character')!
  const request = requestFor('wan_r2v_character', 'standard')
  expect(workflow.missing(request, objectInfo)).toEqual([])
  const { graph } = workflow.build(request, { reference: 'a.png' }, objectInfo, 'run')
  const encoder = Object.values(graph).find(({ class_type }) => class_type === 'CLIPLoader')
  expect(encoder?.inputs.clip_name).toBe('wan\\text\\UMT5_XXL_FP8_E4M3FN_SCALED.SAFETENSORS')
})

test('a box whose nodes are too old or too new is told apart from one without them', () => {
  const graph: Graph = {
    '1': { class_type: 'LoadImage', inputs: { image: 'not-listed.png' } },
    '2': {
      class_type: 'Swap',
      inputs: {
        image: ['1', 0],
        mask: ['1', 1],
        'images.image0': ['1', 0],
        extra: 4,
        depth: 2,
        method: 'new',
      },
    },
  }
  const input = (required: boolean, choices?: string[]) => ({
    type: 'X',
    required,
    choices,
    min: undefined,
    max: undefined,
  })
  const objectInfo: ObjectInfo = new Map([
    ['LoadImage', { inputs: new Map([['image', input(true, ['example.png'])]]), isOutput: false }],
    [
      'Swap',
      {
        inputs: new Map([
          ['image', input(true)],
          ['images', input(true)],
          ['amount', input(true)],
          ['method', input(true, ['old'])],
        ]),
        isOutput: true,
      },
    ],
  ])
  const sentences = lacks(graph, objectInfo, {
    uploads: new Set(['1 image']),
    relies: new Set(['2 depth']),
  }).map(({ how }) => how)
  expect(sentences.join('\n')).toContain('“new” for “method”')
  expect(sentences.join('\n')).toContain('wants “amount”')
  expect(sentences.join('\n')).toContain('does not know “mask”')
  expect(sentences.join('\n')).toContain('does not know “depth”')
  expect(sentences.join('\n')).not.toContain('extra')
  expect(sentences.join('\n')).not.toContain('not-listed')
})

const live = join(inject('shared'), 'comfyui/object_info_core.json')
test.runIf(existsSync(live))('the live answer of a ComfyUI without models: only models are missing', () => {
  const objectInfo = parseObjectInfo(JSON.parse(readFileSync(live, 'utf8')))
  const found = workflows
    .find('wan_r2v_character')!
    .missing(requestFor('wan_r2v_character', 'standard'), objectInfo)
  expect(found.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
    'model Wan21_CausVid_14B_T2V_lora_rank32.safetensors',
    'model umt5_xxl_fp8_e4m3fn_scaled.safetensors',
    'model wan2.1_vace_14B_fp16.safetensors',
    'model wan_2.1_vae.safetensors',
  ])
})
