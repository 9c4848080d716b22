/**
 * Who a face is, as numbers: by a recognition network that its user has installed, for none may be shipped. Any ONNX file
 * that takes one aligned face (1 × 3 × 112 × 112, RGB in −1..1, ArcFace's template) and gives one embedding will do.
 */
import type { ModelEntry } from '../../models/registry'
import { ARCFACE_SIZE, arcfaceCrop } from '../../models/templates'
import { fillPlanes } from '../../models/tensor'
import type { Plate } from '../compositor/compositor'
import { type Graph, type GraphValue, Model } from '../inference/model'
import { installedModel, keepModel, RECOGNITION_FILE } from './installed-model'

const RANGE = [-1, 1] as const
const SHAPE = [1, 3, ARCFACE_SIZE, ARCFACE_SIZE] as const
/** Embeddings as networks of this kind give them. */
const SHORTEST = 16
const LONGEST = 4096

export class Recognition implements Disposable {
  readonly #model: Model
  readonly #input: string
  readonly #output: string
  readonly #planes = new Float32Array(3 * ARCFACE_SIZE ** 2)

  private constructor(model: Model, input: string, output: string) {
    this.#model = model
    this.#input = input
    this.#output = output
  }

  /**
   * Opens the network and tries it out. Rejects with an Error named `RecognitionModelError` that says what is wrong with the
   * file when it does not keep the contract.
   */
  static async open(bytes: Uint8Array<ArrayBuffer>): Promise<Recognition> {
    const model = await Model.openUnknown(bytes, entryOf).catch((error) => {
      throw isRefusal(error) ? error : refusal(`It cannot be opened: ${messageOf(error)}`)
    })
    const { inputs, outputs } = model.entry
    const recognition = new Recognition(model, inputs[0]?.name ?? '', outputs[0]?.name ?? '')
    try {
      await recognition.#tryOut()
      return recognition
    } catch (error) {
      model[Symbol.dispose]()
      throw isRefusal(error) ? error : refusal(`It cannot be run: ${messageOf(error)}`)
    }
  }

  /** The embedding of a face in this frame, of unit length. `landmarks`: 468 × (x, y, z), px of the frame. */
  async embed(plate: Plate, landmarks: Float32Array): Promise<Float32Array> {
    fillPlanes(await plate.crop(arcfaceCrop(landmarks), ARCFACE_SIZE), RANGE, this.#planes)
    return this.#run()
  }

  async #run(): Promise<Float32Array> {
    const { [this.#output]: values } = await this.#model.run({ [this.#input]: this.#planes })
    const length = Math.hypot(...(values ?? []))
    if (!values || values.length < SHORTEST || values.length > LONGEST || !(length > 0 && length < Infinity))
      throw refusal(`Its answer is no embedding: ${values?.length ?? 0} numbers of length ${length}.`)
    return values.map((value) => value / length)
  }

  /** Two different pictures must get different embeddings, as long as each other. */
  async #tryOut(): Promise<void> {
    const embeddings = []
    for (const period of [7, 31]) {
      this.#planes.forEach((_, i) => {
        const [x, row] = [i % ARCFACE_SIZE, Math.floor(i / ARCFACE_SIZE)] // one plane below the other
        this.#planes[i] = 0.2 + 0.7 * Math.sin(x / period + row / 23)
      })
      embeddings.push(await this.#run())
    }
    const [a, b] = embeddings
    if (!a || a.every((value, i) => value === b?.[i]))
      throw refusal('It gives the same answer to every picture.')
  }

  [Symbol.dispose](): void {
    this.#model[Symbol.dispose]()
  }
}

/** The installed network; undefined where there is none. Rejects as `Recognition.open` does. */
export async function openInstalledRecognition(): Promise<Recognition | undefined> {
  const file = await installedModel()
  return file && Recognition.open(new Uint8Array(await file.arrayBuffer()))
}

/** Keeps this network on this device from now on, if it is one. Rejects as `Recognition.open` does. */
export async function installRecognition(model: Blob): Promise<void> {
  using _tried = await Recognition.open(new Uint8Array(await model.arrayBuffer()))
  await keepModel(model)
}

/** What the file must be, checked against what it says. */
function entryOf({ inputs, outputs }: Graph): ModelEntry {
  const [input] = inputs
  const [output] = outputs
  if (!input || inputs.length > 1) throw refusal(`It has ${inputs.length} inputs instead of one picture.`)
  if (!output) throw refusal('It gives no answer.')
  const fits =
    input.shape.length === SHAPE.length && input.shape.every((size, i) => isOpen(size) || size === SHAPE[i])
  if (input.type !== 'float32' || !fits)
    throw refusal(`Its input is ${describe(input)}, not float32 1 × 3 × 112 × 112.`)
  if (output.type !== 'float32') throw refusal(`Its output is ${describe(output)}, not float32.`)
  return {
    id: 'face-recognition',
    task: 'Tells people apart',
    source: { package: '', file: '' },
    path: RECOGNITION_FILE,
    bytes: 0,
    sha256: '',
    licence: 'not known: installed by its user',
    inputs: [
      {
        name: input.name,
        dtype: 'float32',
        shape: SHAPE,
        layout: 'NCHW',
        range: RANGE,
        meaning: 'RGB planes of an aligned face',
      },
    ],
    outputs: [
      {
        name: output.name,
        dtype: 'float32',
        shape: output.shape.map((size) => (isOpen(size) ? 1 : Number(size))),
        layout: 'rows',
        range: undefined,
        meaning: 'embedding',
      },
    ],
  }
}

const isOpen = (size: number | string): boolean => typeof size === 'string' || size <= 0
const describe = ({ type, shape }: GraphValue): string => `${type} ${shape.join(' × ')}`
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
const isRefusal = (error: unknown): boolean =>
  error instanceof Error && error.name === 'RecognitionModelError'

function refusal(message: string): Error {
  const error = new Error(message)
  error.name = 'RecognitionModelError'
  return error
}
