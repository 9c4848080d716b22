import { describe, expect, test } from 'vitest'
import { boxWith, objectInfoOf } from '../../tests/workflows/boxes'
import { graphFaults } from '../../tests/workflows/graph-faults'
import type { JobRequest } from '../jobs/job'
import { openWorkflows } from './open-workflows'

const workflows = await openWorkflows(undefined)
const workflow = workflows.find('wan_vace_pose_transfer')!
const ID = '0123456789abcdef'.repeat(4)
const request = (given: object): JobRequest => ({
  workflow: 'wan_vace_pose_transfer',
  tier: 'standard',
  inputs: { reference: ID, driving: ID },
  parameters: {},
  sentence: '',
  ...given,
})

test('defaults are filled in, and a new seed is drawn for each job', () => {
  const [one, other] = [workflow.check(request({})), workflow.check(request({}))]
  expect(one.parameters).toMatchObject({ durationS: 3.4, shape: 'video', strength: 1, steps: 0 })
  expect(Number.isSafeInteger(one.parameters.seed)).toBe(true)
  expect(one.parameters.seed).not.toBe(other.parameters.seed)
  expect(workflow.check(request({ parameters: { seed: 7 } })).parameters.seed).toBe(7)
  expect(workflow.check(one)).toEqual(one)
})

test.each([
  [{ tier: 'ultra' }, 'no quality'],
  [{ tier: '__proto__' }, 'no quality'],
  [{ inputs: { reference: ID } }, '“Driving video” is missing'],
  [{ inputs: { reference: ID, driving: '../../etc/passwd' } }, 'wants the id'],
  [{ inputs: { reference: ID, driving: ID, more: ID } }, 'no input named “more”'],
  [{ inputs: JSON.parse(`{"reference":"${ID}","driving":"${ID}","__proto__":"${ID}"}`) }, 'no input named'],
  [{ parameters: { unet_name: 'x' } }, 'no setting named “unet_name”'],
  [{ parameters: JSON.parse('{"__proto__":{"a":1}}') }, 'no setting named “__proto__”'],
  [{ parameters: { steps: 4.5 } }, 'whole number from 0 to 60'],
  [{ parameters: { steps: '4' } }, 'whole number'],
  [{ parameters: { steps: 61 } }, 'whole number from 0 to 60'],
  [{ parameters: { strength: Number.NaN } }, 'a number from 0 to 2'],
  [{ parameters: { strength: Number.POSITIVE_INFINITY } }, 'a number from 0 to 2'],
  [{ parameters: { durationS: 1e300 } }, 'from 0.5 to 5 seconds'],
  [{ parameters: { seed: 2 ** 60 } }, 'whole number'],
  [{ parameters: { seed: -1 } }, 'whole number'],
  [{ parameters: { shape: 'round' } }, 'wants one of: video, landscape, portrait, square'],
  [{ parameters: { shape: 'constructor' } }, 'wants one of'],
  [{ parameters: { prompt: ['4', 0] } }, 'wants text'],
  [{ parameters: { prompt: { class_type: 'X' } } }, 'wants text'],
  [{ parameters: { prompt: 'x'.repeat(2001) } }, 'more than 2000 characters'],
])('%j is refused in a sentence', (given, sentence) => {
  expect(() => workflow.check(request(given))).toThrow(
    expect.objectContaining({ name: 'BadRequest', status: 400, message: expect.stringContaining(sentence) }),
  )
})

test('all faults are told at once', () => {
  const wrong = request({ inputs: {}, parameters: { steps: -1, shape: 'x' } })
  expect(() => workflow.check(wrong)).toThrow(/Your character.*Driving video.*Shape.*Steps/)
})

test('text loses control characters, and words that name files to a text encoder', () => {
  const prompt = 'a\u0000 dog\u0007\u202e \ud800 embedding:../../secret, (embedding : x:1.2)\nnext'
  const { parameters } = workflow.check(request({ parameters: { prompt } }))
  expect(parameters.prompt).toBe('a dog  embedding ../../secret, (embedding  x:1.2)\nnext')
})

describe('no value of a person becomes a node, a link, a class or a path', () => {
  const hostile: readonly unknown[] = [
    ['4', 0],
    [['4', 0]],
    { '4': { class_type: 'VHS_LoadVideoPath', inputs: {} } },
    '["4", 0]',
    '{"class_type":"LoadImage"}',
    '../../etc/passwd',
    '/etc/passwd',
    'C:\\Windows\\win.ini',
    '\\\\host\\share',
    'file:///etc/passwd',
    'http://169.254.169.254/',
    '%KSampler.seed%',
    '__proto__',
    'constructor',
    '[output]',
    'a.png [temp]',
    '\u0000',
    '🦄'.repeat(100),
    'x'.repeat(100_000),
    1e308,
    -1e308,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    0.1,
    -0,
    true,
    null,
    undefined,
    Symbol.iterator,
    () => 'x',
    new Map(),
    10n,
  ]
  const box = boxWith({})

  test.each(workflows.list.map((one) => [one.card.id, one] as const))('%s', (_, one) => {
    const inputs = Object.fromEntries(one.card.inputs.map(({ name }) => [name, ID]))
    const files = { reference: 'a.png', driving: 'a.mp4' }
    const make = (parameters: object) => {
      const given = one.check(request({ workflow: one.card.id, inputs, parameters }))
      return one.build(given, files, objectInfoOf(box), 'run').graph
    }
    const plain = make({})
    const skeleton = (graph: typeof plain) =>
      Object.entries(graph).map(([id, node]) => [
        id,
        node.class_type,
        Object.entries(node.inputs).filter(([, value]) => Array.isArray(value)),
      ])
    let taken = 0
    for (const { name, kind } of one.card.parameters) {
      for (const value of hostile) {
        let graph: typeof plain
        try {
          graph = make({ [name]: value })
        } catch (error) {
          expect(error).toMatchObject({ name: 'BadRequest' })
          continue
        }
        taken++
        // A choice may lay another part over the graph, but only one that is ours.
        if (kind !== 'choice') expect(skeleton(graph)).toEqual(skeleton(plain))
        expect(graphFaults(graph, box), `${name} ${String(value)}`).toEqual([])
      }
    }
    expect(taken).toBeGreaterThan(0)
    expect(Object.prototype).not.toHaveProperty('class_type')
  })

  test.each([
    '../clip.mp4',
    '/etc/passwd',
    'a/../b.mp4',
    'C:\\clip.mp4',
    'clip.mp4 [output]',
    'clip\u0000.mp4',
    '',
    ' clip.mp4',
    '.hidden',
    'a//b.mp4',
    `${'x'.repeat(250)}.mp4`,
    ['4', 0],
    undefined,
  ])('a file called %j is not used', (driving) => {
    const files = { reference: 'a.png', driving } as Record<string, string>
    const checked = workflow.check(request({}))
    expect(() => workflow.build(checked, files, objectInfoOf(box), 'run')).toThrow('named an uploaded file')
  })

  test.each(['../x', '/x', 'a b', 'a/%date%', ''])('a run is not called %j', (runName) => {
    const checked = workflow.check(request({}))
    const files = { reference: 'a.png', driving: 'a.mp4' }
    expect(() => workflow.build(checked, files, objectInfoOf(box), runName)).toThrow('no name for a run')
  })
})

test('sizes of one’s own become multiples of sixteen, times 4n + 1 frames', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const width = ((seed * 131) % 1793) + 128
    const height = ((seed * 197) % 1793) + 128
    const durationS = (seed % 46) / 10 + 0.5
    const checked = workflow.check(request({ parameters: { shape: 'custom', width, height, durationS } }))
    const files = { reference: 'a.png', driving: 'a.mp4' }
    const { graph } = workflow.build(checked, files, objectInfoOf(boxWith({})), 'run')
    const one = (title: string) => Object.values(graph).find(({ _meta }) => _meta?.title === title)!.inputs
    const size = one('Cut to size')
    expect(Number(size.width) % 16).toBe(0)
    expect(Number(size.height) % 16).toBe(0)
    expect(Math.abs(Number(size.width) - width)).toBeLessThanOrEqual(8)
    expect(Number(one('Driving video by VHS').frame_load_cap) % 4).toBe(1)
    expect(Number(one('First frames').length) % 4).toBe(1)
  }
})
