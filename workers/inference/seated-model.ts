import type { ModelEntry } from '../../models/registry'
import type { ModelState } from '../studio/studio-api'
import { Model } from './model'
import { openOnFastest } from './providers'

type Arrays = Readonly<Record<string, Float32Array>>

/** A model with one input, on whichever provider it now runs: it moves to WASM when the GPU is lost. */
export class SeatedModel implements Disposable {
  readonly #entry: ModelEntry
  readonly #bytes: Uint8Array<ArrayBuffer>
  readonly state: ModelState
  #model: Promise<Model>

  private constructor(entry: ModelEntry, bytes: Uint8Array<ArrayBuffer>, model: Model, state: ModelState) {
    this.#entry = entry
    this.#bytes = bytes
    this.#model = Promise.resolve(model)
    this.state = state
  }

  /** As `openOnFastest`. The bytes are kept, to open the model again. */
  static async open(
    entry: ModelEntry,
    bytes: Uint8Array<ArrayBuffer>,
    device: GPUDevice | undefined,
    remembered: ModelState['measuredMs'] | undefined,
  ): Promise<SeatedModel> {
    const { model, state } = await openOnFastest(entry, bytes, { device, remembered })
    return new SeatedModel(entry, bytes, model, state)
  }

  readonly run = async (input: Float32Array<ArrayBuffer>): Promise<Arrays> => {
    const model = await this.#model
    return model.run({ [this.#entry.inputs[0]?.name ?? '']: input })
  }

  /** Its device is gone. A model on WASM stays where it is. */
  async leaveGpu(): Promise<void> {
    const model = await this.#model
    if (model.provider === 'wasm') return
    model[Symbol.dispose]()
    this.#model = Model.open(this.#entry, this.#bytes)
    await this.#model
  }

  [Symbol.dispose](): void {
    void this.#model.then((model) => model[Symbol.dispose]())
  }
}
