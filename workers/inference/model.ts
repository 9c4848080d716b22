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

const LOSS_IS_HEARD_OF_MS = 200
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Whether a device is lost; one listener per device, for its promise may stay open for hours. */
const fates = new WeakMap<GPUDevice, { lost: boolean }>()

async function fateOf(device: GPUDevice): Promise<{ readonly lost: boolean }> {
  const known = fates.get(device)
  if (known) return known
  const fate = { lost: false }
  fates.set(device, fate)
  void device.lost.then(() => {
    fate.lost = true
  })
  await wait(0) // time for a loss of long ago to be heard of
  return fate
}

/**
 * Work on a device of the caller's. Given a lost device the runtime was seen to block its thread for good, so it must
 * not get one: neither now nor, as a run that fails may be the first sign of the loss, in the turn after a failure.
 */
async function onDevice<Result>(device: GPUDevice | undefined, work: () => Promise<Result>): Promise<Result> {
  if (!device) return work()
  const fate = await fateOf(device)
  if (fate.lost) throw deviceLost()
  try {
    return await work()
  } catch (error) {
    if (!fate.lost) await wait(LOSS_IS_HEARD_OF_MS)
    throw fate.lost ? deviceLost() : error
  }
}

function deviceLost(): Error {
  const error = new Error('The GPU device is gone.')
  error.name = 'DeviceLostError'
  return error
}

async function openSession(bytes: Uint8Array<ArrayBuffer>, device: GPUDevice | undefined) {
  const ort = await loadRuntime(device ? 'webgpu' : 'wasm')
  const create = () =>
    ort.InferenceSession.create(bytes, {
      executionProviders: device ? [{ name: 'webgpu', device }] : ['wasm'],
      graphOptimizationLevel: 'all',
    })
  return { ort, session: await takeTurn(() => onDevice(device, create)) }
}

/** An input or output of a file, as it says itself; a length it leaves open is a name or −1. */
export interface GraphValue {
  readonly name: string
  readonly type: string
  readonly shape: readonly (number | string)[]
}

/** What a file of unknown origin says of itself. */
export interface Graph {
  readonly inputs: readonly GraphValue[]
  readonly outputs: readonly GraphValue[]
}

/** One ONNX model, ready to run. */
export class Model implements Disposable {
  readonly entry: ModelEntry
  readonly provider: Provider
  readonly #ort: typeof Ort
  readonly #session: Ort.InferenceSession
  readonly #device: GPUDevice | undefined

  private constructor(
    entry: ModelEntry,
    ort: typeof Ort,
    session: Ort.InferenceSession,
    device: GPUDevice | undefined,
  ) {
    this.entry = entry
    this.provider = device ? 'webgpu' : 'wasm'
    this.#ort = ort
    this.#session = session
    this.#device = device
  }

  /**
   * `bytes` are verified weights (see weights.ts). WebGPU runs on the caller's `device`, which stays the caller's. With
   * that device lost, opening and running reject with an Error named `DeviceLostError`.
   */
  static async open(entry: ModelEntry, bytes: Uint8Array<ArrayBuffer>, device?: GPUDevice): Promise<Model> {
    const { ort, session } = await openSession(bytes, device)
    return new Model(entry, ort, session, device)
  }

  /**
   * The same, on WASM, with a file that is in no registry: `entryOf` makes its entry of what the file says of itself, or
   * throws when it is not what is wanted.
   */
  static async openUnknown(
    bytes: Uint8Array<ArrayBuffer>,
    entryOf: (graph: Graph) => ModelEntry,
  ): Promise<Model> {
    const { ort, session } = await openSession(bytes, undefined)
    try {
      const values = (metadata: readonly Ort.InferenceSession.ValueMetadata[]) =>
        metadata.map((value) =>
          value.isTensor
            ? { name: value.name, type: value.type, shape: value.shape }
            : { name: value.name, type: 'none', shape: [] },
        )
      const graph = { inputs: values(session.inputMetadata), outputs: values(session.outputMetadata) }
      return new Model(entryOf(graph), ort, session, undefined)
    } catch (error) {
      await takeTurn(() => session.release())
      throw error
    }
  }

  /**
   * Inputs by their names in the registry, each as long as its shape says; they must not change until this resolves.
   * The outputs are the caller's.
   */
  run(inputs: Arrays): Promise<Arrays> {
    return takeTurn(() => onDevice(this.#device, () => this.#run(inputs)))
  }

  async #run(inputs: Arrays): Promise<Arrays> {
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
  }

  /** Runs asked for before are finished first. */
  [Symbol.dispose](): void {
    // With its device lost a session may fail to let go of what is gone anyway.
    takeTurn(() => this.#session.release()).catch(() => undefined)
  }
}
