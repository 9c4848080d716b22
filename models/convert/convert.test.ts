import * as ort from 'onnxruntime-web/wasm'
import { beforeAll, describe, expect, test } from 'vitest'
import { convert } from './convert'
import { halfToFloat } from './draft'
import { runReference } from './nhwc-reference'
import { graph, options, random, size, weights } from './test-graphs'
import type { Graph } from './tflite'

beforeAll(() => {
  ort.env.wasm.numThreads = 1
})

async function runConverted(network: Graph, input: Float32Array): Promise<Float32Array[]> {
  const ends = {
    name: 'test',
    inputs: ['input'],
    outputs: network.outputs.map((number, i) => ({
      name: `output${i}`,
      shape: [size(network.tensors[number]!.shape)],
    })),
  }
  const session = await ort.InferenceSession.create(convert(network, ends))
  const { shape } = network.tensors[0]!
  const [n = 1, h = 1, w = 1, c = 1] = shape
  const planar = Float32Array.from(input, (_, i) => {
    const [channel, pixel] = [Math.floor(i / (h * w)), i % (h * w)]
    return input[pixel * c + channel]!
  })
  const stored = shape.length === 4 ? [n, c, h, w] : shape
  const data = shape.length === 4 ? planar : input
  const results = await session.run({ input: new ort.Tensor('float32', data, stored) })
  return network.outputs.map((_, i) => results[`output${i}`]!.data as Float32Array)
}

/** The converted graph gives what the plain loops give; outputs come in NHWC order. */
async function expectSame(network: Graph): Promise<Float32Array[]> {
  const input = random(size(network.tensors[0]!.shape))
  const wanted = runReference(network, [input])
  const got = await runConverted(network, input)
  for (const [i, values] of wanted.entries()) {
    expect(got[i]!.length).toBe(values.length)
    for (const [at, value] of values.entries()) expect(got[i]![at]).toBeCloseTo(value, 4)
  }
  return wanted
}

describe('convolutions', () => {
  // [input, kernel, stride, output of SAME]: odd and even sizes, so that the padding is symmetric, late-heavy or none
  for (const [side, kernel, stride, out] of [
    [6, 3, 1, 6],
    [6, 3, 2, 3],
    [7, 3, 2, 4],
    [6, 5, 2, 3],
    [7, 2, 1, 7],
    [5, 1, 2, 3],
  ] as const) {
    test(`SAME, ${side} px, kernel ${kernel}, stride ${stride}`, async () => {
      const same = options({ padding: 'SAME', strideX: stride, strideY: stride })
      await expectSame(
        graph(
          [[1, side, side, 3], weights(4, kernel, kernel, 3), weights(4), [1, out, out, 4]],
          [{ name: 'CONV_2D', inputs: [0, 1, 2], outputs: [3], options: same }],
        ),
      )
      await expectSame(
        graph(
          [[1, side, side, 3], weights(1, kernel, kernel, 3), weights(3), [1, out, out, 3]],
          [{ name: 'DEPTHWISE_CONV_2D', inputs: [0, 1, 2], outputs: [3], options: same }],
        ),
      )
    })
  }

  test('height, width, strides and kernel differ; no bias', async () => {
    await expectSame(
      graph(
        [[1, 5, 8, 2], weights(3, 3, 2, 2), [1, 3, 3, 3]],
        [
          {
            name: 'CONV_2D',
            inputs: [0, 1, -1],
            outputs: [2],
            options: options({ padding: 'SAME', strideY: 2, strideX: 3 }),
          },
        ],
      ),
    )
  })

  test('VALID and dilated', async () => {
    await expectSame(
      graph(
        [[1, 7, 7, 2], weights(3, 3, 3, 2), weights(3), [1, 3, 3, 3]],
        [
          {
            name: 'CONV_2D',
            inputs: [0, 1, 2],
            outputs: [3],
            options: options({ dilationX: 2, dilationY: 2 }),
          },
        ],
      ),
    )
  })

  test('a depth multiplier makes several outputs of each channel', async () => {
    await expectSame(
      graph(
        [[1, 4, 4, 3], weights(1, 3, 3, 6), weights(6), [1, 4, 4, 6]],
        [
          {
            name: 'DEPTHWISE_CONV_2D',
            inputs: [0, 1, 2],
            outputs: [3],
            options: options({ padding: 'SAME' }),
          },
        ],
      ),
    )
  })

  for (const activation of ['RELU', 'RELU6', 'RELU_N1_TO_1', 'TANH'] as const) {
    test(`with ${activation} fused`, async () => {
      const [result] = await expectSame(
        graph(
          [[1, 4, 4, 2], weights(3, 3, 3, 2), weights(3), [1, 4, 4, 3]],
          [
            {
              name: 'CONV_2D',
              inputs: [0, 1, 2],
              outputs: [3],
              options: options({ padding: 'SAME', activation }),
            },
          ],
        ),
      )
      const lowest = { RELU: 0, RELU6: 0, RELU_N1_TO_1: -1, TANH: -1 }[activation]
      expect(Math.min(...result!)).toBeCloseTo(lowest, 1)
    })
  }
})

describe('other operators', () => {
  for (const [side, out, padding] of [
    [6, 3, 'VALID'],
    [7, 4, 'SAME'],
    [6, 3, 'SAME'],
  ] as const) {
    test(`max pooling, ${side} px, ${padding}: what lies outside does not count`, async () => {
      const pool = options({ padding, kernelX: 2, kernelY: 2, strideX: 2, strideY: 2 })
      await expectSame(
        graph(
          [
            [1, side, side, 3],
            [1, out, out, 3],
          ],
          [{ name: 'MAX_POOL_2D', inputs: [0], outputs: [1], options: pool }],
        ),
      )
    })
  }

  test('PRELU slopes per channel', async () => {
    await expectSame(
      graph(
        [[1, 3, 5, 4], weights(1, 1, 4), [1, 3, 5, 4]],
        [{ name: 'PRELU', inputs: [0, 1], outputs: [2] }],
      ),
    )
  })

  test('ADD of two maps, of a number per channel, and RELU', async () => {
    await expectSame(
      graph(
        [[1, 3, 5, 4], [1, 3, 5, 4], weights(4), [1, 3, 5, 4], [1, 3, 5, 4]],
        [
          { name: 'ADD', inputs: [0, 2], outputs: [1] },
          { name: 'ADD', inputs: [0, 1], outputs: [3], options: options({ activation: 'RELU' }) },
          { name: 'RELU', inputs: [1], outputs: [4] },
        ],
        [1, 3, 4],
      ),
    )
  })

  test('PAD on channels', async () => {
    const pads = { shape: [4, 2], data: Int32Array.of(0, 0, 0, 0, 0, 0, 1, 2) }
    await expectSame(
      graph([[1, 3, 5, 2], pads, [1, 3, 5, 5]], [{ name: 'PAD', inputs: [0, 1], outputs: [2] }]),
    )
  })

  test('PAD around the picture becomes part of the convolution that reads it', async () => {
    const pads = { shape: [4, 2], data: Int32Array.of(0, 0, 1, 2, 3, 0, 0, 0) }
    const network = graph(
      [[1, 4, 4, 2], pads, [1, 7, 7, 2], weights(3, 3, 3, 2), weights(3), [1, 3, 3, 3]],
      [
        { name: 'PAD', inputs: [0, 1], outputs: [2] },
        { name: 'CONV_2D', inputs: [2, 3, 4], outputs: [5], options: options({ strideX: 2, strideY: 2 }) },
      ],
    )
    await expectSame(network)
    expect(nodeTypes(network)).not.toContain('Pad')
    await expectSame({ ...network, outputs: [2, 5] }) // and stays where its result is asked for
  })

  test('RESHAPE keeps the order that NHWC has in memory, from a map and to a map', async () => {
    await expectSame(
      graph(
        [
          [1, 3, 5, 4],
          [1, 20, 3],
        ],
        [{ name: 'RESHAPE', inputs: [0], outputs: [1] }],
      ),
    )
    await expectSame(
      graph(
        [
          [1, 3, 5, 4],
          [1, 5, 2, 6],
        ],
        [{ name: 'RESHAPE', inputs: [0], outputs: [1] }],
      ),
    )
    await expectSame(
      graph(
        [
          [6, 8],
          [1, 4, 2, 6],
        ],
        [{ name: 'RESHAPE', inputs: [0], outputs: [1] }],
      ),
    )
  })

  test('CONCATENATION of maps along channels and along rows, and of plain tensors', async () => {
    for (const [axis, shape] of [
      [3, [1, 2, 3, 8]],
      [-1, [1, 2, 3, 8]],
      [1, [1, 4, 3, 4]],
    ] as const) {
      await expectSame(
        graph(
          [[1, 2, 3, 4], [1, 2, 3, 4], shape],
          [
            { name: 'RELU', inputs: [0], outputs: [1] },
            { name: 'CONCATENATION', inputs: [0, 1], outputs: [2], options: options({ axis }) },
          ],
        ),
      )
    }
    await expectSame(
      graph(
        [
          [2, 3],
          [2, 6],
        ],
        [{ name: 'CONCATENATION', inputs: [0, 0], outputs: [1], options: options({ axis: 1 }) }],
      ),
    )
  })
})

test('the same graph gives the same bytes', () => {
  const network = graph(
    [[1, 3, 5, 4], weights(1, 1, 4), [1, 3, 5, 4]],
    [{ name: 'PRELU', inputs: [0, 1], outputs: [2] }],
  )
  const ends = { name: 'test', inputs: ['input'], outputs: [] }
  expect(convert(network, ends)).toEqual(convert(network, ends))
})

test('16-bit floats are decoded exactly', () => {
  expect([0x3c00, 0xc000, 0x3555, 0x7bff, 0x0001, 0x03ff, 0x8000, 0xfc00].map(halfToFloat)).toEqual([
    1,
    -2,
    0.333251953125,
    65504,
    2 ** -24,
    1023 * 2 ** -24,
    -0,
    Number.NEGATIVE_INFINITY,
  ])
  expect(halfToFloat(0x7e00)).toBeNaN()
})

/** Operator names in an ONNX file stand there in plain ASCII. */
function nodeTypes(network: Graph): string {
  return String.fromCharCode(...convert(network, { name: 'test', inputs: ['input'], outputs: [] }))
}
