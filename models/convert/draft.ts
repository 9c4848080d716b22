/** An ONNX graph in the making: nodes and constants as they are added, feature maps in NCHW. */
import type { Attribute, OnnxConstant, OnnxModel, OnnxNode } from './onnx'
import type { Graph, Operator, Tensor } from './tflite'

/** Zeros around a feature map, in px. */
export interface Border {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

export const NO_BORDER: Border = { top: 0, left: 0, bottom: 0, right: 0 }

/** The Error for what ONNX (or this converter) cannot say; its message begins with the operator's name. */
export function unsupported(operator: string, why: string): Error {
  const error = new Error(`${operator}: ${why}.`)
  error.name = 'UnsupportedOpError'
  return error
}

/** Shape as stored here: NHWC becomes NCHW, other ranks stay. */
export function storedShape(shape: readonly number[]): readonly number[] {
  const [n, h, w, c] = shape
  if (shape.length !== 4 || n === undefined || h === undefined || w === undefined || c === undefined)
    return shape
  return [n, c, h, w]
}

export class Draft {
  readonly graph: Graph
  readonly nodes: OnnxNode[] = []
  readonly constants: OnnxConstant[] = []
  /** Padding left out because the convolutions that read it pad by themselves: by the padded tensor's number. */
  readonly borders = new Map<number, { readonly of: number; readonly border: Border }>()
  /** Constants that an operator (DEQUANTIZE) only decodes: from its output's number to its input's. */
  readonly decoded = new Map<number, number>()
  readonly #names = new Map<number, string>()
  #count = 0

  constructor(graph: Graph) {
    this.graph = graph
  }

  tensor(number: number, operator: string): Tensor {
    const tensor = this.graph.tensors[number]
    if (!tensor) throw unsupported(operator, 'it refers to a tensor that does not exist')
    return tensor
  }

  /** The name a tensor goes by in the ONNX graph. */
  name(number: number): string {
    return this.#names.get(number) ?? `t${number}`
  }

  rename(number: number, name: string): void {
    this.#names.set(number, name)
  }

  /** A name nobody else has. */
  fresh(): string {
    this.#count += 1
    return `v${this.#count}`
  }

  node(
    type: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    this.nodes.push({ name: `${type}_${this.nodes.length}`, type, inputs, outputs: [output], attributes })
    return output
  }

  floats(data: Float32Array, shape: readonly number[]): string {
    const name = `c${this.constants.length}`
    this.constants.push({ name, shape, data })
    return name
  }

  int64s(values: readonly number[]): string {
    const name = `c${this.constants.length}`
    this.constants.push({ name, shape: [values.length], data: BigInt64Array.from(values, BigInt) })
    return name
  }

  isConstant(number: number): boolean {
    return this.graph.tensors[this.decoded.get(number) ?? number]?.data !== undefined
  }

  /** A constant's numbers, in the file's own order. */
  constant(number: number, operator: string): Float32Array {
    const { data, type, name } = this.tensor(this.decoded.get(number) ?? number, operator)
    if (!data) throw unsupported(operator, `${name} has to be a constant`)
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    if (type === 'float32') {
      return Float32Array.from({ length: data.length / 4 }, (_, i) => view.getFloat32(4 * i, true))
    }
    if (type === 'float16') {
      return Float32Array.from({ length: data.length / 2 }, (_, i) =>
        halfToFloat(view.getUint16(2 * i, true)),
      )
    }
    if (type === 'int32')
      return Float32Array.from({ length: data.length / 4 }, (_, i) => view.getInt32(4 * i, true))
    throw unsupported(operator, `${name} is of a number type that is not read here`)
  }

  /** The operators that read a tensor. */
  consumers(number: number): Operator[] {
    return this.graph.operators.filter((operator) => operator.inputs.includes(number))
  }

  finish(about: Pick<OnnxModel, 'name' | 'producer' | 'opset' | 'inputs' | 'outputs'>): OnnxModel {
    return { ...about, nodes: this.nodes, constants: this.constants }
  }
}

/** IEEE 754 binary16 → number, exactly. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * 2 ** -24 * fraction
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * 2 ** (exponent - 25) * (1024 + fraction)
}
