/** A network with the contract of a face recogniser that tells people apart by their colours: enough for synthetic ones. */
import { type OnnxModel, writeOnnx } from '../../models/convert/onnx'

const CELLS = 8 // a side

export const TINY_RECOGNITION: OnnxModel = {
  name: 'tiny-recognition',
  producer: 'understudy tests',
  opset: 15,
  nodes: [
    {
      name: 'pool',
      type: 'AveragePool',
      inputs: ['face'],
      outputs: ['cells'],
      attributes: { kernel_shape: [14, 14], strides: [14, 14] },
    },
    { name: 'flat', type: 'Reshape', inputs: ['cells', 'shape'], outputs: ['embedding'], attributes: {} },
  ],
  constants: [{ name: 'shape', shape: [2], data: BigInt64Array.from([1n, BigInt(3 * CELLS ** 2)]) }],
  inputs: [{ name: 'face', shape: [1, 3, 112, 112] }],
  outputs: [{ name: 'embedding', shape: [1, 3 * CELLS ** 2] }],
}

export const tinyRecognition = (): Uint8Array<ArrayBuffer> => writeOnnx(TINY_RECOGNITION)
