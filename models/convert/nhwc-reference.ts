/**
 * Runs a TFLite graph as it is written, in NHWC and plain loops: slow, obvious, and sharing nothing with the converter
 * but the parsed graph. The tests hold the converted networks against it.
 */
import type { Activation, Graph, Operator, Tensor } from './tflite'

// Indices below are in range by construction.

/** A tensor's numbers with their shape. */
interface Values {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** `inputs` and the result in the graph's own order and layout. */
export function runReference(graph: Graph, inputs: readonly Float32Array[]): Float32Array[] {
  const known = new Map<number, Values>()
  for (const [i, number] of graph.inputs.entries()) {
    known.set(number, { shape: graph.tensors[number]?.shape ?? [], data: inputs[i] ?? new Float32Array() })
  }
  const read = (number: number): Values => {
    const tensor = graph.tensors[number]
    if (!tensor) throw new Error(`There is no tensor ${number}.`)
    return known.get(number) ?? { shape: tensor.shape, data: numbers(tensor) }
  }
  for (const operator of graph.operators) {
    const output = operator.outputs[0] ?? -1
    const shape = graph.tensors[output]?.shape ?? []
    const data = activated(
      evaluate(operator, operator.inputs.filter((number) => number >= 0).map(read), shape),
      operator.options.activation,
    )
    known.set(output, { shape, data })
  }
  return graph.outputs.map((number) => read(number).data)
}

function evaluate(operator: Operator, inputs: readonly Values[], shape: readonly number[]): Float32Array {
  const [a, b, c] = inputs
  if (!a) throw new Error(`${operator.name} has no input.`)
  switch (operator.name) {
    case 'DEQUANTIZE':
    case 'RESHAPE':
      return a.data
    case 'RELU':
      return a.data.map((value) => Math.max(value, 0))
    case 'MAX_POOL_2D':
      return windows(operator, a, shape, maximum)
    case 'CONCATENATION':
      return concatenate(inputs, operator.options.axis, shape)
  }
  if (!b) throw new Error(`${operator.name} has one input only.`)
  switch (operator.name) {
    case 'CONV_2D':
      return windows(operator, a, shape, dense(b, c))
    case 'DEPTHWISE_CONV_2D':
      return windows(operator, a, shape, depthwise(b, c))
    case 'ADD':
      return elementwise(a, b, shape, (x, y) => x + y)
    case 'PRELU':
      return elementwise(a, b, shape, (x, slope) => (x >= 0 ? x : x * slope))
    case 'PAD':
      return pad(a, b.data, shape)
    default:
      throw new Error(`The reference does not know ${operator.name}.`)
  }
}

/** Makes one output pixel from the input pixels in its window: where each begins, and its number in the kernel. */
type Kernel = (
  input: Values,
  taps: readonly { readonly at: number; readonly tap: number }[],
  out: Float32Array,
  outAt: number,
) => void

function windows(
  { options, name }: Operator,
  input: Values,
  [, outHeight = 0, outWidth = 0, channels = 0]: readonly number[],
  kernel: Kernel & { readonly height?: number; readonly width?: number },
): Float32Array {
  const [, height = 0, width = 0, depth = 0] = input.shape
  const kernelY = name === 'MAX_POOL_2D' ? options.kernelY : (kernel.height ?? 1)
  const kernelX = name === 'MAX_POOL_2D' ? options.kernelX : (kernel.width ?? 1)
  const before = (size: number, out: number, stride: number, k: number, dilation: number): number =>
    options.padding === 'VALID' ? 0 : Math.max(0, (out - 1) * stride + (k - 1) * dilation + 1 - size) >> 1
  const top = before(height, outHeight, options.strideY, kernelY, options.dilationY)
  const left = before(width, outWidth, options.strideX, kernelX, options.dilationX)
  const out = new Float32Array(outHeight * outWidth * channels)
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      const taps: { at: number; tap: number }[] = []
      for (let j = 0; j < kernelY; j++) {
        for (let i = 0; i < kernelX; i++) {
          const inY = y * options.strideY - top + j * options.dilationY
          const inX = x * options.strideX - left + i * options.dilationX
          if (inY < 0 || inX < 0 || inY >= height || inX >= width) continue
          taps.push({ at: (inY * width + inX) * depth, tap: j * kernelX + i })
        }
      }
      kernel(input, taps, out, (y * outWidth + x) * channels)
    }
  }
  return out
}

const maximum: Kernel = ({ data, shape }, taps, out, outAt) => {
  for (let c = 0; c < (shape[3] as number); c++) {
    out[outAt + c] = Math.max(...taps.map(({ at }) => data[at + c] as number))
  }
}

/** Weights O,H,W,I. */
function dense({ data: weights, shape }: Values, bias?: Values): Kernel & { height: number; width: number } {
  const [outputs = 0, height = 1, width = 1, depth = 0] = shape
  const kernel: Kernel = ({ data }, taps, out, outAt) => {
    for (let o = 0; o < outputs; o++) {
      let sum = bias?.data[o] ?? 0
      for (const { at, tap } of taps) {
        const from = (o * height * width + tap) * depth
        for (let i = 0; i < depth; i++) sum += (data[at + i] as number) * (weights[from + i] as number)
      }
      out[outAt + o] = sum
    }
  }
  return Object.assign(kernel, { height, width })
}

/** Weights 1,H,W,O; output o reads input ⌊o / multiplier⌋. */
function depthwise(
  { data: weights, shape }: Values,
  bias?: Values,
): Kernel & { height: number; width: number } {
  const [, height = 1, width = 1, outputs = 0] = shape
  const kernel: Kernel = ({ data, shape: inputShape }, taps, out, outAt) => {
    const multiplier = outputs / (inputShape[3] as number)
    for (let o = 0; o < outputs; o++) {
      let sum = bias?.data[o] ?? 0
      for (const { at, tap } of taps) {
        sum += (data[at + Math.floor(o / multiplier)] as number) * (weights[tap * outputs + o] as number)
      }
      out[outAt + o] = sum
    }
  }
  return Object.assign(kernel, { height, width })
}

/** `b` may have fewer dimensions, or ones, where it repeats. */
function elementwise(
  a: Values,
  b: Values,
  shape: readonly number[],
  combine: (x: number, y: number) => number,
) {
  const size = shape.reduce((all, each) => all * each, 1)
  const offset = (values: Values, index: number): number => {
    let [rest, at, stride] = [index, 0, 1]
    for (let d = 1; d <= shape.length; d++) {
      const dimension = shape[shape.length - d] as number
      const own = values.shape[values.shape.length - d] ?? 1
      if (own !== 1) at += (rest % dimension) * stride
      stride *= own
      rest = Math.floor(rest / dimension)
    }
    return at
  }
  return Float32Array.from({ length: size }, (_, i) =>
    combine(a.data[offset(a, i)] as number, b.data[offset(b, i)] as number),
  )
}

function pad({ data, shape }: Values, pads: Float32Array, outShape: readonly number[]): Float32Array {
  const out = new Float32Array(outShape.reduce((all, each) => all * each, 1))
  for (let index = 0; index < data.length; index++) {
    let [rest, at, stride] = [index, 0, 1]
    for (let d = shape.length - 1; d >= 0; d--) {
      at += ((rest % (shape[d] as number)) + (pads[2 * d] as number)) * stride
      rest = Math.floor(rest / (shape[d] as number))
      stride *= outShape[d] as number
    }
    out[at] = data[index] as number
  }
  return out
}

function concatenate(parts: readonly Values[], axis: number, shape: readonly number[]): Float32Array {
  const from = axis < 0 ? axis + shape.length : axis
  const product = (sizes: readonly number[]): number => sizes.reduce((all, each) => all * each, 1)
  const out = new Float32Array(product(shape))
  let at = 0
  for (let outer = 0; outer < product(shape.slice(0, from)); outer++) {
    for (const part of parts) {
      const run = product(part.shape.slice(from))
      out.set(part.data.subarray(outer * run, (outer + 1) * run), at)
      at += run
    }
  }
  return out
}

function activated(data: Float32Array, activation: Activation): Float32Array {
  if (activation === 'RELU') return data.map((value) => Math.max(value, 0))
  if (activation === 'RELU6') return data.map((value) => Math.min(Math.max(value, 0), 6))
  if (activation === 'RELU_N1_TO_1') return data.map((value) => Math.min(Math.max(value, -1), 1))
  if (activation === 'TANH') return data.map(Math.tanh)
  return data
}

function numbers({ data, type, name }: Tensor): Float32Array {
  if (!data) throw new Error(`${name} was read before it was made.`)
  const bytes = data.slice().buffer
  if (type === 'float16') return Float32Array.from(new Uint16Array(bytes), half)
  return type === 'int32' ? Float32Array.from(new Int32Array(bytes)) : new Float32Array(bytes)
}

/** A 16-bit float by moving its bits to where a 32-bit float has them, and scaling by 2^112 for the exponent's bias. */
function half(bits: number): number {
  const word = Uint32Array.of(((bits & 0x8000) << 16) | ((bits & 0x7fff) << 13))
  return (new Float32Array(word.buffer)[0] as number) * 2 ** 112
}
