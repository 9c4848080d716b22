/** Installing a recognition model from a file: what is none is refused by name, and what was there before stays. */
import { afterAll, beforeEach, expect, inject, test } from 'vitest'
import { writeOnnx } from '../../models/convert/onnx'
import { FACE_MESH } from '../../models/registry'
import { loadWeights } from '../inference/weights'
import { connect } from '../rpc/connect'
import { removeModel } from './installed-model'
import type { RecognitionApi } from './recognition.worker'

/** A net that tells the brightest of each part of a square of 112 × 112, 2352 numbers: no recognition, but it keeps the contract. */
const brightest = (side = 112) =>
  new Blob([
    writeOnnx({
      name: 'brightest',
      producer: 'test',
      opset: 13,
      nodes: [
        {
          name: 'pool',
          type: 'MaxPool',
          inputs: ['face'],
          outputs: ['parts'],
          attributes: { kernel_shape: [4, 4], strides: [4, 4] },
        },
        { name: 'flat', type: 'Flatten', inputs: ['parts'], outputs: ['embedding'], attributes: { axis: 1 } },
      ],
      constants: [],
      inputs: [{ name: 'face', shape: [1, 3, side, side] }],
      outputs: [{ name: 'embedding', shape: [1, 3 * (side / 4) ** 2] }],
    }),
  ])

const thread = connect<RecognitionApi>(
  new Worker(new URL('./recognition.worker.ts', import.meta.url), { type: 'module' }),
)
const { api } = thread

beforeEach(removeModel)

afterAll(async () => {
  thread[Symbol.dispose]()
  await removeModel()
})

test('a model that keeps the contract is kept, and can be removed', async () => {
  expect(await api.installed()).toBeUndefined()
  const model = brightest()
  await api.install(model)
  expect(await api.installed()).toBe(model.size)
  await api.remove()
  expect(await api.installed()).toBeUndefined()
  await api.remove() // once more does no harm
})

test.each([
  ['text', async () => new Blob(['this is no model'])],
  ['a model cut short', async () => brightest().slice(0, 80)],
  ['nothing', async () => new Blob([])],
  ['a network for other pictures', async () => brightest(224)],
  ['a network for something else', async () => new Blob([await loadWeights(FACE_MESH)])],
])('%s is refused, and the one before stays', async (_, make) => {
  const model = brightest()
  await api.install(model)
  await expect(api.install(await make())).rejects.toMatchObject({ name: 'RecognitionModelError' })
  expect(await api.installed()).toBe(model.size)
})

test.runIf(inject('shared') !== '')('a real network is taken', async () => {
  const response = await fetch(`/@fs${inject('shared')}/models/mobilefacenet_128d.onnx`)
  await api.install(await response.blob())
  expect(await api.installed()).toBe(3_973_728)
})
