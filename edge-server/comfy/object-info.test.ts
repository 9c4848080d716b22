import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { knownNodes } from '../../tests/comfy/node-info'
import { parseObjectInfo } from './object-info'

const shared = inject('shared')

test('choices are read in both forms, and odd nodes hide no others (facts 27)', () => {
  const nodes = parseObjectInfo({
    Old: { input: { required: { name: [['a', 'b'], {}] } }, output_node: true },
    New: { input: { optional: { name: ['COMBO', { options: ['a', 1, true, null], default: 'a' }] } } },
    Keyed: {
      input: { required: { type: ['COMFY_DYNAMICCOMBO_V3', { options: [{ key: 'x', inputs: {} }] }] } },
    },
    Number: { input: { required: { width: ['INT', { min: 0, max: 16384 }], bare: 'IMAGE', none: [] } } },
    Bare: {},
    Odd: 7,
    Odder: { input: 'x' },
  })
  expect([...nodes.keys()]).toEqual(['Old', 'New', 'Keyed', 'Number', 'Bare'])
  expect(nodes.get('Old')).toMatchObject({ isOutput: true })
  expect(nodes.get('Old')?.inputs.get('name')).toMatchObject({
    type: 'COMBO',
    required: true,
    choices: ['a', 'b'],
  })
  expect(nodes.get('New')?.inputs.get('name')).toMatchObject({
    type: 'COMBO',
    required: false,
    choices: ['a', 1, true],
  })
  expect(nodes.get('Keyed')?.inputs.get('type')?.choices).toEqual(['x'])
  expect(nodes.get('Number')?.inputs.get('width')).toMatchObject({
    type: 'INT',
    min: 0,
    max: 16384,
    choices: undefined,
  })
  expect(nodes.get('Number')?.inputs.get('bare')).toMatchObject({ type: 'IMAGE' })
})

describe.runIf(shared)('the recorded nodes', () => {
  const read = (name: string) =>
    parseObjectInfo(JSON.parse(readFileSync(join(shared, 'comfyui', name), 'utf8')))
  const recorded = () =>
    new Map(
      ['object_info_packs.json', 'object_info_vhs.json', 'object_info_core.json'].flatMap((name) => [
        ...read(name),
      ]),
    )

  test('all are read', () => {
    expect(recorded().size).toBeGreaterThan(250)
    expect(recorded().get('KSampler')?.inputs.get('seed')).toMatchObject({
      type: 'INT',
      required: true,
      min: 0,
    })
  })

  test('those of the stand-in are like them', () => {
    const real = recorded()
    let compared = 0
    const differences: string[] = []
    for (const [name, { inputs, isOutput }] of knownNodes) {
      const node = real.get(name)
      if (!node) continue
      compared++
      if (node.isOutput !== isOutput) differences.push(`${name} is an output or not`)
      for (const input of inputs) {
        const there = node.inputs.get(input.name)
        // What it knows less of, it takes as it comes.
        if (input.type === '*' || !there) continue
        const type = input.type === 'FILE' ? 'COMBO' : input.type
        if (!there.type.split(',').includes(type)) differences.push(`${name}.${input.name} is ${there.type}`)
        if (there.required !== input.required) differences.push(`${name}.${input.name} is required or not`)
      }
      for (const [input, { required, type }] of node.inputs) {
        const isKnown = inputs.some((known) => known.name === input)
        if (required && !isKnown && !type.startsWith('COMFY_'))
          differences.push(`${name}.${input} is not known`)
      }
    }
    expect(differences).toEqual([])
    expect(compared).toBeGreaterThan(30)
  })
})
