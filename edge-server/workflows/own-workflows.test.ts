import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { boxWith, objectInfoOf } from '../../tests/workflows/boxes'
import { openWorkflows } from './open-workflows'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'understudy-workflows-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const put = (name: string, json: unknown) =>
  writeFile(join(folder, name), typeof json === 'string' ? json : JSON.stringify(json))
const node = (class_type: string, title: string, inputs: object) => ({ class_type, inputs, _meta: { title } })

const blur = {
  '3': node('LoadImage', 'Load Image', { image: 'example.png' }),
  '4': node('CLIPTextEncode', 'Positive', { text: 'a cat', clip: ['6', 0] }),
  '5': node('CLIPTextEncode', 'Negative', { text: 'bad', clip: ['6', 0] }),
  '6': node('CLIPLoader', 'Load CLIP', { clip_name: 'umt5_xxl_fp8_e4m3fn_scaled.safetensors', type: 'wan' }),
  '7': node('KSampler', 'KSampler', {
    seed: 5,
    positive: ['4', 0],
    negative: ['5', 0],
    latent_image: ['3', 0],
  }),
  '9': node('SaveImage', 'Save Image', { images: ['7', 0], filename_prefix: 'ComfyUI' }),
}
const ID = 'f'.repeat(64)

test('a file without a declaration gets one from its nodes', async () => {
  await put('my_blur.json', blur)
  const { find, faults } = await openWorkflows(folder)
  expect(faults).toEqual([])
  const workflow = find('my_blur')!
  expect(workflow.card).toMatchObject({
    title: 'my blur',
    isOwn: true,
    inputs: [{ name: 'loadImage', label: 'Load Image', kind: 'image', required: true }],
    outputs: [{ kind: 'image' }],
    tiers: [{ name: 'standard', label: 'As saved' }],
  })
  expect(workflow.card.parameters.map(({ name, kind, advanced }) => [name, kind, advanced])).toEqual([
    ['positive', 'text', false],
    ['negative', 'text', true],
    ['seed', 'seed', true],
  ])
  const request = workflow.check({
    workflow: 'my_blur',
    tier: 'standard',
    inputs: { loadImage: ID },
    parameters: { positive: 'a dog', seed: 9 },
    sentence: '',
  })
  const { graph, outputs } = workflow.build(
    request,
    { loadImage: 'u/x.png' },
    objectInfoOf(boxWith({})),
    'run/1',
  )
  expect(graph['4']?.inputs.text).toBe('a dog')
  expect(graph['5']?.inputs.text).toBe('bad')
  expect(graph['7']?.inputs.seed).toBe(9)
  expect(graph['3']?.inputs.image).toBe('u/x.png')
  expect(graph['9']?.inputs.filename_prefix).toBe('run/1')
  expect([...outputs]).toEqual([['9', 'saveImage']])
})

test('a declaration beside it says what may be set', async () => {
  await put('cat.json', blur)
  await put('cat.about.json', {
    title: 'Cats',
    does: 'Draws a cat.',
    model: 'none',
    inputs: [
      {
        name: 'photo',
        label: 'Photo',
        kind: 'image',
        required: true,
        at: [{ node: 'LoadImage', input: 'image' }],
      },
    ],
    parameters: [],
    outputs: [{ name: 'picture', kind: 'image', nodes: ['Save Image'] }],
    tiers: { standard: { label: 'One' } },
  })
  const { find, faults } = await openWorkflows(folder)
  expect(faults).toEqual([])
  expect(find('cat')?.card).toMatchObject({ title: 'Cats', parameters: [], inputs: [{ name: 'photo' }] })
})

const about = (change: object) => ({
  title: 'X',
  does: 'X.',
  model: 'x',
  inputs: [],
  parameters: [],
  outputs: [{ name: 'picture', kind: 'image', nodes: ['Save Image'] }],
  tiers: { standard: { label: 'One' } },
  ...change,
})
const text = (place: object) => ({
  kind: 'text',
  name: 'a',
  label: 'A',
  default: '',
  maxLength: 9,
  at: [place],
})

test.each([
  ['not JSON', { 'x.json': '{' }, 'x.json: It is not valid JSON'],
  ['saved for the editor', { 'x.json': { nodes: [], links: [] } }, 'Export (API)'],
  ['no graph', { 'x.json': [1, 2] }, 'API format'],
  ['nothing saved', { 'x.json': { '3': blur['3'] } }, 'saves nothing'],
  [
    'two titles',
    { 'x.json': { ...blur, '8': node('LoadImage', 'Load Image', { image: 'b.png' }) } },
    '2 nodes are titled “Load Image”',
  ],
  ['a shipped name', { 'sam2_mask.json': blur }, 'already here'],
  ['a name like a path', { 'a b..json': blur }, 'letters, digits'],
  [
    'a setting that is not there',
    {
      'x.json': blur,
      'x.about.json': about({
        tiers: { standard: { label: 'One', set: [{ node: 'KSampler', input: 'steps', value: 4 }] } },
      }),
    },
    '“KSampler” has no input “steps”',
  ],
  [
    'a size without a shape',
    { 'x.json': blur, 'x.about.json': about({ set: [{ node: 'KSampler', input: 'seed', from: 'width' }] }) },
    'no size for the shape',
  ],
  [
    'a default out of range',
    {
      'x.json': blur,
      'x.about.json': about({
        parameters: [{ kind: 'integer', name: 'a', label: 'A', default: 9, min: 0, max: 4, step: 1 }],
      }),
    },
    '“A” wants a whole number from 0 to 4',
  ],
  [
    'two nodes that save one output',
    {
      'x.json': blur,
      'x.about.json': about({ outputs: [{ name: 'a', kind: 'image', nodes: ['Save Image', 'Positive'] }] }),
    },
    'wants one node that saves it',
  ],
  ['an about file alone', { 'y.about.json': about({}) }, 'no workflow beside it'],
  ['a wrong about file', { 'x.json': blur, 'x.about.json': { title: 'X' } }, 'Its about file is wrong'],
  [
    'an unknown node',
    { 'x.json': blur, 'x.about.json': about({ parameters: [text({ node: 'Gone', input: 'text' })] }) },
    'No node is titled “Gone”',
  ],
  [
    'text for a file name',
    { 'x.json': blur, 'x.about.json': about({ parameters: [text({ node: 'Load Image', input: 'image' })] }) },
    'no text may go there',
  ],
  [
    'text for a prefix',
    {
      'x.json': blur,
      'x.about.json': about({ parameters: [text({ node: 'Save Image', input: 'filename_prefix' })] }),
    },
    'no text may go there',
  ],
  [
    'text in the place of a link',
    { 'x.json': blur, 'x.about.json': about({ parameters: [text({ node: 'Positive', input: 'clip' })] }) },
    'linked to another node',
  ],
  [
    'an unknown part',
    { 'x.json': blur, 'x.about.json': about({ tiers: { standard: { label: 'One', parts: ['x'] } } }) },
    'no part named',
  ],
])('%s is told in a sentence, and the start goes on', async (_, files, sentence) => {
  for (const [name, json] of Object.entries(files)) await put(name, json)
  await put('fine.json', blur)
  const { find, list, faults } = await openWorkflows(folder)
  expect(faults).toEqual([expect.stringContaining(sentence)])
  expect(faults[0]).not.toContain(folder)
  expect(find('fine')).toBeDefined()
  expect(list).toHaveLength(10)
})

test('no folder, and things in it that are no files, are no fault of anybody', async () => {
  expect((await openWorkflows(join(folder, 'not-there'))).faults).toEqual([])
  await mkdir(join(folder, 'sub'))
  await put('notes.txt', 'x')
  expect((await openWorkflows(folder)).faults).toEqual([])
})

test('what cannot be read is told without saying where it is', async () => {
  await mkdir(join(folder, 'folder.json'))
  await symlink(join(folder, 'gone'), join(folder, 'link.json'))
  const { faults } = await openWorkflows(folder)
  expect(faults).toEqual(['folder.json: It is no file.', 'link.json: It cannot be read.'])
})

test('a workflow that uses a paid service says so', async () => {
  await put('paid.json', {
    ...blur,
    '7': node('WanReferenceVideoApi', 'Wan', { seed: 1, image: ['3', 0], a: ['4', 0], b: ['5', 0] }),
  })
  expect((await openWorkflows(folder)).find('paid')?.card.notes.join()).toContain('paid service')
})
