import { expect, test } from 'vitest'
import type { Graph } from '../comfy/comfy'
import { findNode, parseGraph, prune, without } from './graph'
import { layParts, parsePart } from './parts'

const node = (class_type: string, title: string | undefined, inputs: Graph[string]['inputs'] = {}) => ({
  class_type,
  inputs,
  ...(title === undefined ? {} : { _meta: { title } }),
})

const graph: Graph = {
  '1': node('LoadImage', 'Face', { image: 'a.png' }),
  '2': node('LoadImage', 'Body', { image: 'b.png' }),
  '3': node('Swap', undefined, { face: ['1', 0], body: ['2', 0], mask: ['2', 1] }),
  '4': node('SaveImage', 'Save', { images: ['3', 0], filename_prefix: 'x' }),
}

test('nodes are found by title, then by class', () => {
  expect(findNode(graph, 'Body')).toBe('2')
  expect(findNode(graph, 'Swap')).toBe('3')
  expect(findNode(graph, '3')).toBeUndefined()
  expect(findNode({ ...graph, '5': node('Blur', 'Swap') }, 'Swap')).toBe('5')
})

test('two nodes of one title or class are told, not guessed', () => {
  expect(() => findNode(graph, 'LoadImage')).toThrow('2 nodes are of the class “LoadImage”')
  expect(() => findNode({ ...graph, '5': node('Blur', 'Face') }, 'Face')).toThrow('2 nodes are titled “Face”')
})

test.each([
  [[], 'API format'],
  [null, 'API format'],
  ['x', 'API format'],
  [{}, 'API format'],
  [{ nodes: [], links: [] }, 'Export (API)'],
  [{ '1': { class_type: 'A' } }, 'API format'],
  [{ '1': { class_type: '', inputs: {} } }, 'API format'],
  [{ '1': { class_type: 'A', inputs: { image: ['9', 0] } } }, 'comes from a node that is not there'],
])('%j is no workflow', (json, sentence) => {
  expect(() => parseGraph(json)).toThrow(
    expect.objectContaining({ name: 'WorkflowFault', message: expect.stringContaining(sentence) }),
  )
})

test('what leads nowhere goes, and links to what went are left open', () => {
  const extra = { ...graph, '5': node('Preview', 'Look', { images: ['1', 0] }) }
  expect(Object.keys(prune(extra, ['4']))).toEqual(['1', '2', '3', '4'])
  const rest = without(graph, new Set(['2']))
  expect(rest['3']?.inputs).toEqual({ face: ['1', 0] })
})

test('parts take the place of nodes, whatever the order they are laid in', () => {
  const blur = parsePart({
    about: '',
    nodes: { '1': node('Blur', 'Blurred', { image: ['Face', 0] }) },
    replaces: { Body: [['Blurred', 0]] },
  })
  const other = parsePart({
    about: '',
    nodes: { '1': node('LoadBetter', 'Better face') },
    replaces: { Face: [['Better face', 2]], 'not here': [['Better face', 0]] },
    removes: ['Save'],
  })
  const named = { blur: { name: 'blur', part: blur }, other: { name: 'other', part: other } }
  for (const parts of [
    [named.blur, named.other],
    [named.other, named.blur],
  ]) {
    const laid = layParts(graph, parts)
    expect(laid['3']?.inputs).toEqual({ face: ['other-1', 2], body: ['blur-1', 0], mask: ['2', 1] })
    expect(laid['blur-1']?.inputs).toEqual({ image: ['other-1', 2] })
    expect(laid).not.toHaveProperty('4')
  }
  expect(graph['3']?.inputs.body).toEqual(['2', 0])
})

test('a part without a node to hold on to is told', () => {
  const part = parsePart({
    about: '',
    nodes: { '1': node('Blur', 'Blurred', { image: ['Frames', 0] }) },
    replaces: {},
  })
  expect(() => layParts(graph, [{ name: 'blur', part }])).toThrow('“blur” needs a node titled “Frames”')
})
