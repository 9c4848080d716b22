/** TFLite graph → ONNX file: the same numbers, with feature maps NCHW instead of NHWC. */
import { Draft, storedShape, unsupported } from './draft'
import { writeOnnx } from './onnx'
import { OPERATORS, reshapeTo } from './operators'
import type { Graph } from './tflite'

/** How the converted graph's ends are called. Outputs may take another shape of as many numbers, in NHWC order. */
export interface Ends {
  readonly name: string
  /** For each input of the graph, in order. */
  readonly inputs: readonly string[]
  /** For each output of the graph, in order. */
  readonly outputs: readonly { readonly name: string; readonly shape: readonly number[] }[]
}

const OPSET = 17

/**
 * Throws an Error named `UnsupportedOpError`, its message beginning with the operator's name, for whatever cannot be
 * said exactly. The result depends on nothing but the arguments.
 */
export function convert(graph: Graph, ends: Ends): Uint8Array<ArrayBuffer> {
  const draft = new Draft(graph)
  const inputs = graph.inputs.map((number, i) => {
    const name = ends.inputs[i] ?? `input${i}`
    draft.rename(number, name)
    return { name, shape: storedShape(draft.tensor(number, name).shape) }
  })
  for (const operator of graph.operators) {
    const translate = Object.hasOwn(OPERATORS, operator.name) ? OPERATORS[operator.name] : undefined
    if (!translate) throw unsupported(operator.name, 'there is no way to say this operator')
    translate(operator, draft)
  }
  const outputs = graph.outputs.map((number, i) => {
    const { shape } = draft.tensor(number, 'output')
    const end = ends.outputs[i] ?? { name: `output${i}`, shape }
    if (product(end.shape) !== product(shape))
      throw unsupported(end.name, 'its new shape holds another number of values')
    reshapeTo(draft, draft.name(number), shape, end.name, end.shape)
    return { name: end.name, shape: storedShape(end.shape) }
  })
  return writeOnnx(draft.finish({ name: ends.name, producer: 'understudy', opset: OPSET, inputs, outputs }))
}

const product = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1)
