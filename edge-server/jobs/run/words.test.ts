import { expect, test } from 'vitest'
import { RefusedError } from '../../comfy/comfy'
import { broken, plain, refused } from './words'

const graph = {
  '3': {
    class_type: 'VAELoader',
    inputs: { vae_name: 'wan_2.1_vae.safetensors' },
    _meta: { title: 'Load VAE' },
  },
  '4': { class_type: 'ImageScale', inputs: { upscale_method: 'magic', width: 99_999_999 } },
}

test.each([
  // 05_exec_error: the message of a real box
  [
    "[Errno 1094995529] Invalid data found when processing input: '/srv/ComfyUI/input/garbage.mp4'\n",
    "[Errno 1094995529] Invalid data found when processing input: 'garbage.mp4'",
  ],
  ['GET https://ann:pass@box.lan:8188/view?token=1 failed', 'GET (an address) failed'],
  ['refused: api_key=sk-12345', 'refused: api_key (hidden)'],
  ['Authorization: Bearer abc.def', 'Authorization: Bearer (hidden)'],
  ['first line\n  File "/srv/ComfyUI/execution.py", line 542, in execute', 'first line'],
  ['a\u0000b', 'a b'],
  ['a/b and 1/2 stay', 'a/b and 1/2 stay'],
])('%j is shown without what belongs to the box', (said, shown) => {
  expect(plain(said)).toBe(shown)
})

test('a model file that is missing is named, with what to do', () => {
  // 04_invalid: "vae_name: 'wan_2.1_vae.safetensors' not in ['pixel_space']"
  const fault = {
    nodeId: '3',
    classType: 'VAELoader',
    input: 'vae_name',
    type: 'value_not_in_list',
    message: "vae_name: 'wan_2.1_vae.safetensors' not in ['pixel_space']",
  }
  const error = refused(new RefusedError('Prompt outputs failed validation', [fault, fault]), 'attic', graph)
  expect(error.name).toBe('BoxRefused')
  expect(error.message).toBe(
    'The box “attic” turned the workflow down. It has no model file “wan_2.1_vae.safetensors”.',
  )
  expect(error.missing).toEqual([
    { kind: 'model', name: 'wan_2.1_vae.safetensors', how: expect.stringContaining('retry') },
  ])
})

test('other faults name the node and the field, in our words', () => {
  const faults = [
    ['value_not_in_list', 'upscale_method'],
    ['value_bigger_than_max', 'width'],
    ['exception_during_validation', undefined],
  ].map(([type = '', input]) => ({
    nodeId: '4',
    classType: 'ImageScale',
    input,
    type,
    message: '/srv/secret/path.py',
  }))
  const { message, missing } = refused(new RefusedError('', faults), 'attic', graph)
  expect(message).toContain('“ImageScale” does not offer what was chosen for “upscale_method”.')
  expect(message).toContain('“ImageScale” takes no “width” as large as this.')
  expect(message).toContain('“ImageScale” was not accepted.')
  expect(message).not.toContain('srv')
  expect(missing).toBeUndefined()
})

test('a node that is missing is named', () => {
  const fault = {
    nodeId: '9',
    classType: 'DWPreprocessor',
    input: undefined,
    type: 'missing_node_type',
    message: '',
  }
  const { message, missing } = refused(new RefusedError('', [fault]), 'attic', graph)
  expect(message).toContain('It has no node “DWPreprocessor”.')
  expect(missing?.[0]).toMatchObject({ kind: 'node', name: 'DWPreprocessor' })
})

test('a failed node is named, and a lack of memory explained', () => {
  const failed = {
    name: 'failed',
    nodeType: 'KSampler',
    message: 'Allocation on device 0 would exceed',
  } as const
  expect(broken(failed, 'attic').message).toContain('ran out of memory in KSampler')
  expect(broken({ ...failed, message: 'shapes differ' }, 'attic').message).toBe(
    'KSampler failed on the box “attic”: shapes differ',
  )
})
