/** Boxes as workflows meet them: from the live /object_info where that lies beside the project, else from our own signatures. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ObjectInfo } from '../../edge-server/comfy/comfy'
import { MODEL_FILES } from '../../edge-server/workflows/model-files'
import {
  coreSignatures,
  type InputSignature,
  packSignatures,
  type Signature,
  type Signatures,
} from './signatures'

/** What a box has: `without` classes by pattern, and only some model files. */
export interface BoxFacts {
  readonly without?: RegExp
  readonly models?: readonly string[]
  /** Folder of test material, '' for none: then our own signatures are used. */
  readonly shared?: string
}

export const ALL_MODELS: readonly string[] = [...MODEL_FILES.keys()]

export function boxWith({ without, models = ALL_MODELS, shared = '' }: BoxFacts): Signatures {
  const own = new Map([...coreSignatures(models), ...packSignatures(models)])
  const all = shared ? new Map([...own, ...live(shared, models)]) : own
  return new Map([...all].filter(([name]) => !without?.test(name)))
}

/** Signatures as a box's answer, reduced to what the product reads of it. */
export const objectInfoOf = (signatures: Signatures): ObjectInfo => signatures

/** Inputs that name a model file; live answers were taken from a box that had none. */
const MODEL_INPUTS = /^(?:unet_name|clip_name|vae_name|lora_name|ckpt_name|vitpose_model|yolo_model)$/

function live(shared: string, models: readonly string[]): Signatures {
  const files = ['core', 'packs', 'vhs'].map((name) => join(shared, 'comfyui', `object_info_${name}.json`))
  const found = new Map<string, Signature>()
  for (const file of files.filter(existsSync)) {
    const json: Record<string, RawClass> = JSON.parse(readFileSync(file, 'utf8'))
    for (const [name, raw] of Object.entries(json)) found.set(name, signatureOf(raw, models))
  }
  return found
}

interface RawClass {
  readonly input: { readonly required?: RawInputs; readonly optional?: RawInputs }
  readonly output: readonly string[]
  readonly output_node?: boolean
}
type RawInputs = Readonly<Record<string, readonly [string | readonly string[], RawOptions?]>>
interface RawOptions {
  readonly options?: readonly string[]
  readonly min?: number
  readonly max?: number
}

function signatureOf({ input, output, output_node }: RawClass, models: readonly string[]): Signature {
  const inputs = [input.required ?? {}, input.optional ?? {}].flatMap((group, index) =>
    Object.entries(group).map(([name, [type, options]]): [string, InputSignature] => {
      const listed = typeof type === 'string' ? (type === 'COMBO' ? options?.options : undefined) : type
      const isModel = MODEL_INPUTS.test(name) && (listed?.length === 0 || name === 'vae_name')
      return [
        name,
        {
          type: typeof type === 'string' ? type : 'COMBO',
          required: index === 0,
          choices: isModel ? models : listed,
          min: options?.min,
          max: options?.max,
        },
      ]
    }),
  )
  return { inputs: new Map(inputs), outputs: output, isOutput: output_node === true }
}
