/** Small graphs for tests, made by hand. */
import { type Graph, NO_OPTIONS, type Operator, type Options, type Tensor } from './tflite'

let seed = 1
/** Numbers in −2..2, the same ones in every run. */
export function random(length: number): Float32Array {
  return Float32Array.from({ length }, () => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return (seed / 2 ** 31) * 4 - 2
  })
}

export const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** Tensors by number: shapes for what is computed, typed arrays with a shape for constants. */
type Given =
  | readonly number[]
  | { readonly shape: readonly number[]; readonly data: Float32Array | Int32Array }

/** A graph whose input is tensor 0 and whose output is the last one, unless said otherwise. */
export function graph(
  given: readonly Given[],
  operators: readonly Partial<Operator>[],
  outputs?: number[],
): Graph {
  const tensors = given.map((each, i): Tensor => {
    const [shape, data] = 'data' in each ? [each.shape, each.data] : [each, undefined]
    return {
      name: `tensor${i}`,
      shape,
      type: data instanceof Int32Array ? 'int32' : 'float32',
      data: data && new Uint8Array(data.slice().buffer),
    }
  })
  const whole = operators.map((operator) => ({
    name: '',
    inputs: [],
    outputs: [],
    options: NO_OPTIONS,
    ...operator,
  }))
  return { tensors, inputs: [0], outputs: outputs ?? [given.length - 1], operators: whole }
}

export const options = (some: Partial<Options>): Options => ({ ...NO_OPTIONS, ...some })
export const weights = (...shape: number[]) => ({ shape, data: random(size(shape)) })
