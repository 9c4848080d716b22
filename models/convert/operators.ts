/** How each TFLite operator is said in ONNX. Feature maps are NHWC there and NCHW here; other ranks are the same. */
import { type Border, type Draft, NO_BORDER, storedShape, unsupported } from './draft'
import type { Operator, Options } from './tflite'

type Translate = (operator: Operator, draft: Draft) => void

const NHWC_TO_NCHW: readonly number[] = [0, 3, 1, 2]
const NCHW_TO_NHWC: readonly number[] = [0, 2, 3, 1]

export const OPERATORS: Readonly<Record<string, Translate>> = {
  DEQUANTIZE: dequantize,
  CONV_2D: convolution,
  DEPTHWISE_CONV_2D: convolution,
  MAX_POOL_2D: maxPool,
  ADD: add,
  RELU: (operator, draft) => {
    draft.node('Relu', [input(operator, draft, 0)], output(operator, draft))
  },
  PRELU: prelu,
  PAD: pad,
  RESHAPE: reshape,
  CONCATENATION: concatenation,
}

function dequantize(operator: Operator, draft: Draft): void {
  const [from, to] = [number(operator.inputs, 0, operator), number(operator.outputs, 0, operator)]
  if (draft.tensor(from, operator.name).type !== 'float16') {
    throw unsupported(operator.name, 'only 16-bit floats are decoded')
  }
  draft.constant(from, operator.name) // refuses what is not a constant
  draft.decoded.set(to, from)
}

/** Weights O,H,W,I (or 1,H,W,O when depthwise) become O,I,H,W; a group of outputs sees its own input channels. */
function convolution(operator: Operator, draft: Draft): void {
  const { name, options } = operator
  const depthwise = name === 'DEPTHWISE_CONV_2D'
  const read = number(operator.inputs, 0, operator)
  const folded = draft.borders.get(read)
  const source = folded?.of ?? read
  const [, height, width, channels] = map(source, operator, draft)
  const weightsNumber = number(operator.inputs, 1, operator)
  const [first, kernelY, kernelX, last] = map(weightsNumber, operator, draft)
  const outputs = depthwise ? last : first
  const perGroup = depthwise ? 1 : last
  if (channels % perGroup !== 0) throw unsupported(name, 'its weights do not fit its input')

  const weights = transposed(draft.constant(weightsNumber, name), [first, kernelY, kernelX, last], depthwise)
  const inputs = [draft.name(source), draft.floats(weights, [outputs, perGroup, kernelY, kernelX])]
  const bias = operator.inputs[2] ?? -1
  if (bias >= 0) inputs.push(draft.floats(draft.constant(bias, name), [outputs]))

  const border = folded?.border ?? sameBorder(options, height, width, kernelY, kernelX)
  const convolved = activation(operator, draft)
  draft.node('Conv', inputs, convolved.to, {
    dilations: [options.dilationY, options.dilationX],
    group: channels / perGroup,
    kernel_shape: [kernelY, kernelX],
    pads: [border.top, border.left, border.bottom, border.right],
    strides: [options.strideY, options.strideX],
  })
  convolved.finish()
}

/** O,H,W,I → O,I,H,W, or for depthwise weights 1,H,W,O → O,1,H,W. */
function transposed(
  weights: Float32Array,
  shape: readonly [number, number, number, number],
  depthwise: boolean,
) {
  const [first, height, width, last] = shape
  const area = height * width
  const result = new Float32Array(weights.length)
  for (let o = 0; o < first; o++) {
    for (let p = 0; p < area; p++) {
      for (let i = 0; i < last; i++) {
        const to = depthwise ? i * area + p : (o * last + i) * area + p
        result[to] = weights[(o * area + p) * last + i] ?? Number.NaN
      }
    }
  }
  return result
}

/** SAME: as many outputs as ⌈input/stride⌉, the odd zero at the end. */
function sameBorder(
  options: Options,
  height: number,
  width: number,
  kernelY: number,
  kernelX: number,
): Border {
  if (options.padding === 'VALID') return NO_BORDER
  const total = (size: number, kernel: number, stride: number, dilation: number): number =>
    Math.max((Math.ceil(size / stride) - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
  const y = total(height, kernelY, options.strideY, options.dilationY)
  const x = total(width, kernelX, options.strideX, options.dilationX)
  const [top, left] = [Math.floor(y / 2), Math.floor(x / 2)]
  return { top, left, bottom: y - top, right: x - left }
}

function maxPool(operator: Operator, draft: Draft): void {
  const { options } = operator
  const [, height, width] = map(number(operator.inputs, 0, operator), operator, draft)
  const border = sameBorder(options, height, width, options.kernelY, options.kernelX)
  const pooled = activation(operator, draft)
  draft.node('MaxPool', [input(operator, draft, 0)], pooled.to, {
    kernel_shape: [options.kernelY, options.kernelX],
    pads: [border.top, border.left, border.bottom, border.right],
    strides: [options.strideY, options.strideX],
  })
  pooled.finish()
}

function add(operator: Operator, draft: Draft): void {
  const sum = activation(operator, draft)
  draft.node('Add', [term(operator, draft, 0), term(operator, draft, 1)], sum.to)
  sum.finish()
}

function prelu(operator: Operator, draft: Draft): void {
  if (!draft.isConstant(number(operator.inputs, 1, operator))) {
    throw unsupported(operator.name, 'its slopes have to be constants')
  }
  draft.node('PRelu', [input(operator, draft, 0), term(operator, draft, 1)], output(operator, draft))
}

/** An input that broadcasts: a constant with fewer dimensions than the result is turned channel first as well. */
function term(operator: Operator, draft: Draft, index: number): string {
  const tensorNumber = number(operator.inputs, index, operator)
  const { shape } = draft.tensor(tensorNumber, operator.name)
  const rank = draft.tensor(number(operator.outputs, 0, operator), operator.name).shape.length
  if (!draft.isConstant(tensorNumber)) {
    if (shape.length !== rank) throw unsupported(operator.name, 'its inputs have different ranks')
    return draft.name(tensorNumber)
  }
  const values = draft.constant(tensorNumber, operator.name)
  if (rank !== 4) return draft.floats(values, shape)
  const [n = 1, h = 1, w = 1, c = 1] = [...Array(4 - shape.length).fill(1), ...shape]
  if (n !== 1) throw unsupported(operator.name, 'a constant has a batch of its own')
  return draft.floats(transposed(values, [1, h, w, c], true), [c, h, w])
}

function pad(operator: Operator, draft: Draft): void {
  const { name } = operator
  const from = number(operator.inputs, 0, operator)
  const to = number(operator.outputs, 0, operator)
  const pads = [...draft.constant(number(operator.inputs, 1, operator), name)]
  const [n0, n1, top, bottom, left, right, c0, c1, ...more] = pads
  if (c0 === undefined || c1 === undefined || more.length > 0 || pads.some((size) => size < 0)) {
    throw unsupported(name, 'only feature maps are padded, and only outwards')
  }
  const spatialOnly = n0 === 0 && n1 === 0 && c0 === 0 && c1 === 0
  const readers = draft.consumers(to)
  const foldable = readers.every(
    (reader) => OPERATORS[reader.name] === convolution && reader.options.padding === 'VALID',
  )
  if (spatialOnly && foldable && readers.length > 0 && !draft.graph.outputs.includes(to)) {
    draft.borders.set(to, {
      of: from,
      border: { top: top ?? 0, left: left ?? 0, bottom: bottom ?? 0, right: right ?? 0 },
    })
    return
  }
  const ends = [n0 ?? 0, c0, top ?? 0, left ?? 0, n1 ?? 0, c1, bottom ?? 0, right ?? 0]
  draft.node('Pad', [input(operator, draft, 0), draft.int64s(ends)], output(operator, draft))
}

/** Numbers keep their order in memory as NHWC has it, so a feature map is turned around before or after. */
function reshape(operator: Operator, draft: Draft): void {
  const from = draft.tensor(number(operator.inputs, 0, operator), operator.name).shape
  const to = draft.tensor(number(operator.outputs, 0, operator), operator.name).shape
  reshapeTo(draft, input(operator, draft, 0), from, output(operator, draft), to)
}

export function reshapeTo(
  draft: Draft,
  source: string,
  from: readonly number[],
  result: string,
  to: readonly number[],
): void {
  let value = source
  if (!sameOrder(from)) value = draft.node('Transpose', [value], draft.fresh(), { perm: NCHW_TO_NHWC })
  if (sameOrder(to)) {
    draft.node('Reshape', [value, draft.int64s(storedShape(to))], result)
    return
  }
  value = draft.node('Reshape', [value, draft.int64s(to)], draft.fresh())
  draft.node('Transpose', [value], result, { perm: NHWC_TO_NCHW })
}

/** Whether NHWC and NCHW lie in memory alike. */
function sameOrder(shape: readonly number[]): boolean {
  const [, h = 1, w = 1, c = 1] = shape
  return shape.length !== 4 || c === 1 || h * w === 1
}

function concatenation(operator: Operator, draft: Draft): void {
  const rank = draft.tensor(number(operator.outputs, 0, operator), operator.name).shape.length
  const axis = operator.options.axis < 0 ? operator.options.axis + rank : operator.options.axis
  const stored = rank === 4 ? NHWC_TO_NCHW.indexOf(axis) : axis
  if (stored < 0 || stored >= rank)
    throw unsupported(operator.name, 'it joins along an axis that does not exist')
  const joined = activation(operator, draft)
  const parts = operator.inputs.map((_, i) => input(operator, draft, i))
  draft.node('Concat', parts, joined.to, { axis: stored })
  joined.finish()
}

/** Where an operator writes, and what to call once it has: that adds the activation fused into it. */
function activation(operator: Operator, draft: Draft): { to: string; finish: () => void } {
  const result = output(operator, draft)
  const kind = operator.options.activation
  if (kind === 'NONE') return { to: result, finish: () => undefined }
  const to = draft.fresh()
  const clip = (low: number, high: number) => () => {
    const limits = [low, high].map((limit) => draft.floats(Float32Array.of(limit), []))
    draft.node('Clip', [to, ...limits], result)
  }
  switch (kind) {
    case 'RELU':
      return { to, finish: () => draft.node('Relu', [to], result) }
    case 'RELU6':
      return { to, finish: clip(0, 6) }
    case 'RELU_N1_TO_1':
      return { to, finish: clip(-1, 1) }
    case 'TANH':
      return { to, finish: () => draft.node('Tanh', [to], result) }
    default:
      throw unsupported(operator.name, `its activation ${kind} has no counterpart`)
  }
}

function number(list: readonly number[], index: number, operator: Operator): number {
  const value = list[index]
  if (value === undefined || value < 0) throw unsupported(operator.name, 'an input or output is missing')
  return value
}

/** The name of a float input that is not a constant. */
function input(operator: Operator, draft: Draft, index: number): string {
  const tensorNumber = number(operator.inputs, index, operator)
  const { type } = draft.tensor(tensorNumber, operator.name)
  if (type !== 'float32') throw unsupported(operator.name, 'it works on numbers that are not 32-bit floats')
  if (draft.isConstant(tensorNumber)) throw unsupported(operator.name, 'it works on a constant')
  return draft.name(tensorNumber)
}

function output(operator: Operator, draft: Draft): string {
  return draft.name(number(operator.outputs, 0, operator))
}

function map(tensorNumber: number, operator: Operator, draft: Draft): [number, number, number, number] {
  const { shape } = draft.tensor(tensorNumber, operator.name)
  const [n, h, w, c] = shape
  if (shape.length !== 4 || n === undefined || h === undefined || w === undefined || c === undefined) {
    throw unsupported(operator.name, 'it works on something that is not a feature map')
  }
  return [n, h, w, c]
}
