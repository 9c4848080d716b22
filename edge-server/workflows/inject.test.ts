import { expect, test } from 'vitest'
import { boxWith, objectInfoOf } from '../../tests/workflows/boxes'
import type { Graph } from '../comfy/comfy'
import { copyNodes, type Scalar, setDeclared, setScalar } from './inject'
import { openWorkflows } from './open-workflows'

const graph: Graph = {
  '1': { class_type: 'CLIPTextEncode', inputs: { text: 'a', clip: ['2', 0] }, _meta: { title: 'Prompt' } },
  '2': { class_type: 'CLIPLoader', inputs: { clip_name: 'x.safetensors' } },
}

test('a value takes the place of a scalar of its type, in a copy', () => {
  const nodes = copyNodes(graph)
  expect(setScalar(nodes, { node: 'Prompt', input: 'text' }, 'b')).toBe(true)
  expect(nodes['1']?.inputs).toEqual({ text: 'b', clip: ['2', 0] })
  expect(graph['1']?.inputs.text).toBe('a')
  expect(setScalar(nodes, { node: 'Gone', input: 'text' }, 'b')).toBe(false)
})

test.each([
  ['a link', 'clip', 'x'],
  ['a link', 'clip', ['2', 0]],
  ['text', 'text', 4],
  ['text', 'text', true],
  ['text', 'text', ['2', 0]],
  ['text', 'text', { class_type: 'X' }],
  ['text', 'text', null],
  ['no input', 'more', 'x'],
  ['no input', '__proto__', 'x'],
  ['no input', 'constructor', 'x'],
])('%s (%s) does not become %j', (_, input, value) => {
  const nodes = copyNodes(graph)
  expect(() => setScalar(nodes, { node: 'Prompt', input }, value as Scalar)).toThrow('from outside')
  expect(nodes).toEqual(copyNodes(graph))
})

test('numbers that are none do not get in', () => {
  const nodes = { '1': { class_type: 'A', inputs: { steps: 4 } } }
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => setScalar(nodes, { node: 'A', input: 'steps' }, value)).toThrow('from outside')
})

test('a declaration may put its own value in the place of a link, but makes no inputs', () => {
  const nodes = copyNodes(graph)
  expect(setDeclared(nodes, { node: 'Prompt', input: 'clip' }, 4)).toBe(true)
  expect(nodes['1']?.inputs.clip).toBe(4)
  expect(() => setDeclared(nodes, { node: 'Prompt', input: 'more' }, 4)).toThrow('no input “more”')
})

// A request that comes from a store may be another than the one that was checked.
test('even unchecked, no value becomes a link, an object, or a value of another type', async () => {
  const { list } = await openWorkflows(undefined)
  const objectInfo = objectInfoOf(boxWith({}))
  for (const { card, check, build } of list) {
    const inputs = Object.fromEntries(card.inputs.map(({ name }) => [name, 'a'.repeat(64)]))
    const given = check({ workflow: card.id, tier: 'standard', inputs, parameters: {}, sentence: '' })
    const files = { reference: 'a.png', driving: 'a.mp4' }
    const shape = (request: typeof given) =>
      Object.entries(build(request, files, objectInfo, 'run').graph).map(([id, node]) => [
        id,
        node.class_type,
        Object.entries(node.inputs).map(([input, value]) => [
          input,
          Array.isArray(value) ? value : typeof value,
        ]),
      ])
    const plain = shape(given)
    for (const { name } of card.parameters) {
      for (const value of [['1', 0], { class_type: 'X', inputs: {} }, null, 'x', 4, true, Number.NaN]) {
        let built: ReturnType<typeof shape>
        try {
          built = shape({ ...given, parameters: { ...given.parameters, [name]: value as Scalar } })
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
          continue
        }
        expect(built, `${card.id} ${name} ${JSON.stringify(value)}`).toEqual(plain)
      }
    }
  }
})
