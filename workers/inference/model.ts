import type { ModelEntry } from '../../models/registry'
import { loadRuntime, type Ort, type Provider } from './runtime'

type Arrays = Readonly<Record<string, Float32Array>>

let turn: Promise<unknown> = Promise.resolve()

/** Everything that touches a runtime happens one after another: two runs at once have been seen never to end. */
function takeTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const result = turn.then(work, work)
  turn = result.catch(() => undefined) // whoever asked hears of it; the next one's turn comes all the same
  return result
}

/** One ONNX model, ready to run. */
export class Model implements Disposable {
  readonly entry: ModelEntry
  readonly provider: Provider
  readonly #ort: typeof Ort
  readonly #session: Ort.InferenceSession

  private constructor(entry: ModelEntry, provider: Provider, ort: typeof Ort, session: Ort.InferenceSession) {
    this.entry = entry
    this.provider = provider
    this.#ort = ort
    this.#session = session
  }

  /** `bytes` are verified weights (see weights.ts). WebGPU runs on the caller's `device`, which stays the caller's. */
  static async open(entry: ModelEntry, bytes: Uint8Array<ArrayBuffer>, device?: GPUDevice): Promise<Model> {
    const provider = device ? 'webgpu' : 'wasm'
    const ort = await loadRuntime(provider)
    const session = await takeTurn(() =>
      ort.InferenceSession.create(bytes, {
        executionProviders: device ? [{ name: 'webgpu', device }] : ['wasm'],
        graphOptimizationLevel: 'all',
      }),
    )
    return new Model(entry, provider, ort, session)
  }

  /**
   * Inputs by their names in the registry, each as long as its shape says; they must not change until this resolves.
   * The outputs are the caller's.
   */
  run(inputs: Arrays): Promise<Arrays> {
    return takeTurn(async () => {
      const feeds: Record<string, Ort.Tensor> = {}
      for (const { name, shape } of this.entry.inputs) {
        const data = inputs[name]
        if (!data) throw new TypeError(`${this.entry.id} needs ${name}.`)
        feeds[name] = new this.#ort.Tensor('float32', data, shape)
      }
      const results = await this.#session.run(feeds)
      const outputs: Record<string, Float32Array> = {}
      for (const { name } of this.entry.outputs) {
        const data = results[name]?.data
        if (!(data instanceof Float32Array)) throw new TypeError(`${this.entry.id} gave no ${name}.`)
        outputs[name] = data
      }
      return outputs
    })
  }

  /** Runs asked for before are finished first. */
  [Symbol.dispose](): void {
    void takeTurn(() => this.#session.release())
  }
}
