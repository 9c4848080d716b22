/** TFLite files as plain graphs: the part of the schema (tensorflow/lite/schema/schema.fbs) that small CNNs use. */
import { Table } from './flatbuffer'

export type Padding = 'SAME' | 'VALID'
export type Activation = 'NONE' | 'RELU' | 'RELU_N1_TO_1' | 'RELU6' | 'TANH' | 'SIGN_BIT'
export type TensorType = 'float32' | 'float16' | 'int32' | 'other'

/** Shapes are NHWC. `data` is there for constants only. */
export interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: TensorType
  readonly data: Uint8Array<ArrayBuffer> | undefined
}

/** What an operator may carry besides its inputs; which of them counts depends on the operator. */
export interface Options {
  readonly padding: Padding
  readonly strideX: number
  readonly strideY: number
  readonly dilationX: number
  readonly dilationY: number
  readonly kernelX: number // pooling only; a convolution's kernel is its weights' shape
  readonly kernelY: number
  readonly axis: number
  readonly activation: Activation
}

export interface Operator {
  /** TFLite's own name, e.g. CONV_2D. */
  readonly name: string
  /** Tensor numbers; −1 is an input that is left out. */
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  readonly options: Options
}

export interface Graph {
  readonly tensors: readonly Tensor[]
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  readonly operators: readonly Operator[]
}

export const NO_OPTIONS: Options = {
  padding: 'VALID',
  strideX: 1,
  strideY: 1,
  dilationX: 1,
  dilationY: 1,
  kernelX: 1,
  kernelY: 1,
  axis: 0,
  activation: 'NONE',
}

// BuiltinOperator, in the order of its values.
const OPERATORS =
  `ADD AVERAGE_POOL_2D CONCATENATION CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE EMBEDDING_LOOKUP FLOOR
  FULLY_CONNECTED HASHTABLE_LOOKUP L2_NORMALIZATION L2_POOL_2D LOCAL_RESPONSE_NORMALIZATION LOGISTIC LSH_PROJECTION
  LSTM MAX_POOL_2D MUL RELU RELU_N1_TO_1 RELU6 RESHAPE RESIZE_BILINEAR RNN SOFTMAX SPACE_TO_DEPTH SVDF TANH
  CONCAT_EMBEDDINGS SKIP_GRAM CALL CUSTOM EMBEDDING_LOOKUP_SPARSE PAD UNIDIRECTIONAL_SEQUENCE_RNN GATHER
  BATCH_TO_SPACE_ND SPACE_TO_BATCH_ND TRANSPOSE MEAN SUB DIV SQUEEZE UNIDIRECTIONAL_SEQUENCE_LSTM STRIDED_SLICE
  BIDIRECTIONAL_SEQUENCE_RNN EXP TOPK_V2 SPLIT LOG_SOFTMAX DELEGATE BIDIRECTIONAL_SEQUENCE_LSTM CAST PRELU MAXIMUM
  ARG_MAX MINIMUM LESS NEG PADV2 GREATER GREATER_EQUAL LESS_EQUAL SELECT SLICE SIN TRANSPOSE_CONV SPARSE_TO_DENSE
  TILE EXPAND_DIMS EQUAL NOT_EQUAL LOG SUM SQRT RSQRT SHAPE POW ARG_MIN FAKE_QUANT REDUCE_PROD REDUCE_MAX PACK
  LOGICAL_OR ONE_HOT LOGICAL_AND LOGICAL_NOT UNPACK REDUCE_MIN FLOOR_DIV REDUCE_ANY SQUARE ZEROS_LIKE FILL FLOOR_MOD
  RANGE RESIZE_NEAREST_NEIGHBOR LEAKY_RELU SQUARED_DIFFERENCE MIRROR_PAD`.split(/\s+/)
const ACTIVATIONS: Activation[] = ['NONE', 'RELU', 'RELU_N1_TO_1', 'RELU6', 'TANH', 'SIGN_BIT']
const TYPES: TensorType[] = ['float32', 'float16', 'int32']
const PLACEHOLDER_CODE = 127 // in the old one-byte field: the code is in the new field

/** Throws an Error named `ModelFormatError` for anything that is not a TFLite file with one graph. */
export function parseTflite(bytes: Uint8Array<ArrayBuffer>): Graph {
  const identifier = String.fromCharCode(...bytes.subarray(4, 8))
  if (identifier !== 'TFL3') throw formatError('This is not a TFLite file.')
  try {
    return readModel(Table.root(bytes))
  } catch (error) {
    if (error instanceof RangeError) throw formatError('This TFLite file is cut short or damaged.')
    throw error
  }
}

function readModel(model: Table): Graph {
  const operatorNames = model.tables(1).map(operatorName)
  const buffers = model.tables(4)
  const [subgraph, ...others] = model.tables(2)
  if (!subgraph || others.length > 0) throw formatError('This TFLite file does not hold exactly one graph.')
  return {
    tensors: subgraph.tables(0).map((tensor) => readTensor(tensor, buffers)),
    inputs: subgraph.int32s(1),
    outputs: subgraph.int32s(2),
    operators: subgraph.tables(3).map((operator) => {
      const name = operatorNames[operator.int32(0)]
      if (name === undefined) throw formatError('An operator of this TFLite file has no name.')
      return {
        name,
        inputs: operator.int32s(1),
        outputs: operator.int32s(2),
        options: readOptions(name, operator),
      }
    }),
  }
}

function operatorName(code: Table): string {
  const old = code.int8(0)
  const builtin = old === PLACEHOLDER_CODE ? code.int32(3) : Math.max(old, code.int32(3))
  const name = OPERATORS[builtin] ?? `BUILTIN_${builtin}`
  return name === 'CUSTOM' ? `CUSTOM(${code.text(1)})` : name
}

function readTensor(tensor: Table, buffers: readonly Table[]): Tensor {
  const data = buffers[tensor.int32(2)]?.bytes(0)
  return {
    name: tensor.text(3),
    shape: tensor.int32s(0),
    type: TYPES[tensor.int8(1)] ?? 'other',
    data: data && data.length > 0 ? data : undefined,
  }
}

function readOptions(name: string, operator: Table): Options {
  const table = operator.table(4)
  if (!table) return NO_OPTIONS
  const activation = (field: number): Activation => ACTIVATIONS[table.int8(field)] ?? 'SIGN_BIT'
  const window = (): Partial<Options> => ({
    padding: table.int8(0) === 0 ? 'SAME' : 'VALID',
    strideX: table.int32(1),
    strideY: table.int32(2),
  })
  switch (name) {
    case 'CONV_2D':
      return {
        ...NO_OPTIONS,
        ...window(),
        activation: activation(3),
        dilationX: table.int32(4, 1),
        dilationY: table.int32(5, 1),
      }
    case 'DEPTHWISE_CONV_2D': // its depth multiplier (field 3) follows from the shapes
      return {
        ...NO_OPTIONS,
        ...window(),
        activation: activation(4),
        dilationX: table.int32(5, 1),
        dilationY: table.int32(6, 1),
      }
    case 'MAX_POOL_2D':
      return {
        ...NO_OPTIONS,
        ...window(),
        kernelX: table.int32(3),
        kernelY: table.int32(4),
        activation: activation(5),
      }
    case 'ADD':
      return { ...NO_OPTIONS, activation: activation(0) }
    case 'CONCATENATION':
      return { ...NO_OPTIONS, axis: table.int32(0), activation: activation(1) }
    default:
      return NO_OPTIONS
  }
}

function formatError(message: string): Error {
  const error = new Error(message)
  error.name = 'ModelFormatError'
  return error
}
