import { describe, expect, test } from 'vitest'
import { convert } from './convert'
import { graph, options } from './test-graphs'
import type { Graph } from './tflite'

describe('refusals name the operator', () => {
  const ends = { name: 'test', inputs: ['input'], outputs: [] }
  const refusal = (network: Graph): unknown => {
    try {
      return convert(network, ends)
    } catch (error) {
      return error
    }
  }
  const refused = (operator: string) => ({
    name: 'UnsupportedOpError',
    message: expect.stringMatching(new RegExp(`^${operator}:`)),
  })

  test('an operator that is not known', () => {
    const network = graph(
      [
        [1, 2, 2, 1],
        [1, 2, 2, 1],
      ],
      [{ name: 'SVDF', inputs: [0], outputs: [1] }],
    )
    expect(refusal(network)).toMatchObject(refused('SVDF'))
    const inherited = { ...network, operators: [{ ...network.operators[0]!, name: 'toString' }] }
    expect(refusal(inherited)).toMatchObject(refused('toString'))
  })

  test('an activation that is not known', () => {
    const sign = options({ activation: 'SIGN_BIT' })
    const network = graph(
      [
        [1, 2],
        [1, 2],
      ],
      [{ name: 'ADD', inputs: [0, 0], outputs: [1], options: sign }],
    )
    expect(refusal(network)).toMatchObject(refused('ADD'))
  })

  test('weights that are computed, not constant', () => {
    const network = graph(
      [
        [1, 4, 4, 2],
        [3, 3, 3, 2],
        [1, 2, 2, 3],
      ],
      [{ name: 'CONV_2D', inputs: [0, 1], outputs: [2] }],
    )
    expect(refusal(network)).toMatchObject(refused('CONV_2D'))
  })

  test('numbers that are not floats', () => {
    const network = graph(
      [
        [1, 2],
        [1, 2],
      ],
      [{ name: 'RELU', inputs: [0], outputs: [1] }],
    )
    const tensors = network.tensors.map((tensor) => ({ ...tensor, type: 'other' as const }))
    expect(refusal({ ...network, tensors })).toMatchObject(refused('RELU'))
  })

  test('padding inwards', () => {
    const pads = { shape: [4, 2], data: Int32Array.of(0, 0, -1, 0, 0, 0, 0, 0) }
    const network = graph([[1, 3, 3, 1], pads, [1, 2, 3, 1]], [{ name: 'PAD', inputs: [0, 1], outputs: [2] }])
    expect(refusal(network)).toMatchObject(refused('PAD'))
  })
})
