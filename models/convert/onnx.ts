/**
 * Writes ONNX files: the part of onnx.proto3 that a float graph with fixed shapes needs. The same model always gives
 * the same bytes.
 */

export type Attribute = number | string | readonly number[] // an integer, a text, a list of integers

export interface OnnxNode {
  readonly name: string
  readonly type: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

export interface OnnxConstant {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array | BigInt64Array
}

/** A float32 tensor that goes in or comes out. */
export interface OnnxValue {
  readonly name: string
  readonly shape: readonly number[]
}

export interface OnnxModel {
  readonly name: string
  readonly producer: string
  readonly opset: number
  readonly nodes: readonly OnnxNode[]
  readonly constants: readonly OnnxConstant[]
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}

const IR_VERSION = 8 // what goes with opset 15 to 18
const FLOAT = 1 // TensorProto.DataType
const INT64 = 7
const ATTRIBUTE_INT = 2 // AttributeProto.AttributeType
const ATTRIBUTE_STRING = 3
const ATTRIBUTE_INTS = 7

export function writeOnnx(model: OnnxModel): Uint8Array<ArrayBuffer> {
  const graph = new Message()
  for (const node of model.nodes) graph.message(1, writeNode(node))
  graph.text(2, model.name)
  for (const constant of model.constants) graph.message(5, writeConstant(constant))
  for (const value of model.inputs) graph.message(11, writeValue(value))
  for (const value of model.outputs) graph.message(12, writeValue(value))
  const opset = new Message().text(1, '').int(2, model.opset)
  return new Message().int(1, IR_VERSION).text(2, model.producer).message(7, graph).message(8, opset).finish()
}

function writeNode({ name, type, inputs, outputs, attributes }: OnnxNode): Message {
  const message = new Message()
  for (const input of inputs) message.text(1, input)
  for (const output of outputs) message.text(2, output)
  message.text(3, name).text(4, type)
  for (const [key, value] of Object.entries(attributes)) message.message(5, writeAttribute(key, value))
  return message
}

function writeAttribute(name: string, value: Attribute): Message {
  const message = new Message().text(1, name)
  if (typeof value === 'number') return message.int(3, value).int(20, ATTRIBUTE_INT)
  if (typeof value === 'string') return message.text(4, value).int(20, ATTRIBUTE_STRING)
  for (const item of value) message.int(8, item)
  return message.int(20, ATTRIBUTE_INTS)
}

function writeConstant({ name, shape, data }: OnnxConstant): Message {
  const message = new Message()
  for (const size of shape) message.int(1, size)
  message.int(2, data instanceof Float32Array ? FLOAT : INT64).text(8, name)
  return message.bytes(9, littleEndian(data))
}

function writeValue({ name, shape }: OnnxValue): Message {
  const dimensions = new Message()
  for (const size of shape) dimensions.message(1, new Message().int(1, size))
  const tensor = new Message().int(1, FLOAT).message(2, dimensions)
  return new Message().text(1, name).message(2, new Message().message(1, tensor))
}

function littleEndian(data: Float32Array | BigInt64Array): Uint8Array {
  const bytes = new Uint8Array(data.byteLength)
  const view = new DataView(bytes.buffer)
  if (data instanceof Float32Array)
    for (const [i, value] of data.entries()) view.setFloat32(4 * i, value, true)
  else for (const [i, value] of data.entries()) view.setBigInt64(8 * i, value, true)
  return bytes
}

/** One protobuf message in the making. Integers must not be negative: nothing written here is. */
class Message {
  readonly #parts: Uint8Array[] = []
  #length = 0

  int(field: number, value: number): this {
    this.#varint(field * 8)
    return this.#varint(value)
  }

  /** ASCII only, as all names here are. */
  text(field: number, value: string): this {
    return this.bytes(
      field,
      Uint8Array.from(value, (character) => character.charCodeAt(0)),
    )
  }

  message(field: number, value: Message): this {
    this.#varint(field * 8 + 2)
    this.#varint(value.#length)
    for (const part of value.#parts) this.#append(part)
    return this
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint(field * 8 + 2)
    this.#varint(value.length)
    return this.#append(value)
  }

  finish(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#length)
    let at = 0
    for (const part of this.#parts) {
      all.set(part, at)
      at += part.length
    }
    return all
  }

  #varint(value: number): this {
    const bytes: number[] = []
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
    bytes.push(rest)
    return this.#append(Uint8Array.from(bytes))
  }

  #append(part: Uint8Array): this {
    this.#parts.push(part)
    this.#length += part.length
    return this
  }
}
