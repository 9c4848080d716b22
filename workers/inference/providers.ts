/** Which execution provider a model runs on: found out by trying, because small networks are often faster on WASM. */
import type { ModelEntry } from '../../models/registry'
import type { ModelState } from '../studio/studio-api'
import { Model } from './model'

const WARM_RUNS = 3 // the first runs compile shaders and fill caches
const TIMED_RUNS = 9
/** A provider this many times slower than the other is not measured any further. */
const HOPELESS = 8

export interface OpenModel {
  readonly model: Model
  readonly state: ModelState
}

export interface ProviderSettings {
  /** Tried only when given: leave it out on a software adapter, where it is some 200 times slower than WASM. */
  readonly device?: GPUDevice | undefined
  /** What an earlier measurement on this machine found; then nothing is measured again. */
  readonly remembered?: ModelState['measuredMs'] | undefined
  readonly signal?: AbortSignal | undefined
}

/** Opens a model on the faster provider. WebGPU that fails to open or run is as good as not there. */
export async function openOnFastest(
  entry: ModelEntry,
  bytes: Uint8Array<ArrayBuffer>,
  { device, remembered, signal }: ProviderSettings = {},
): Promise<OpenModel> {
  const state = (provider: 'wasm' | 'webgpu', measuredMs: ModelState['measuredMs']): ModelState => ({
    id: entry.id,
    task: entry.task,
    provider,
    measuredMs,
  })
  const { wasm: knownWasm, webgpu: knownWebgpu } = remembered ?? {}
  if (knownWasm !== undefined && (!device || knownWebgpu !== undefined)) {
    const faster = device && knownWebgpu !== undefined && knownWebgpu < knownWasm ? device : undefined
    const model = await Model.open(entry, bytes, faster).catch((error) => {
      if (!faster) throw error
      return Model.open(entry, bytes) // its runtime may not be there without a network
    })
    return { model, state: state(model.provider, remembered ?? {}) }
  }

  const model = await Model.open(entry, bytes)
  signal?.throwIfAborted()
  const wasm = await medianMs(model, signal)
  const other = device && (await tryWebgpu(entry, bytes, device, wasm * HOPELESS, signal))
  if (!other) return { model, state: state('wasm', { wasm }) }
  const measuredMs = { wasm, webgpu: other.ms }
  const [faster, slower] = other.ms < wasm ? [other.model, model] : [model, other.model]
  slower[Symbol.dispose]()
  return { model: faster, state: state(faster.provider, measuredMs) }
}

async function tryWebgpu(
  entry: ModelEntry,
  bytes: Uint8Array<ArrayBuffer>,
  device: GPUDevice,
  hopelessMs: number,
  signal: AbortSignal | undefined,
): Promise<{ model: Model; ms: number } | undefined> {
  let model: Model | undefined
  try {
    model = await Model.open(entry, bytes, device)
    return { model, ms: await medianMs(model, signal, hopelessMs) }
  } catch {
    model?.[Symbol.dispose]()
    signal?.throwIfAborted()
    return undefined
  }
}

/** Median milliseconds of one run, upload and read-back included; one run's when that is already hopeless. */
async function medianMs(
  model: Model,
  signal: AbortSignal | undefined,
  hopelessMs = Number.POSITIVE_INFINITY,
): Promise<number> {
  const inputs = Object.fromEntries(
    model.entry.inputs.map(({ name, shape }) => [name, new Float32Array(shape.reduce((a, b) => a * b, 1))]),
  )
  const times: number[] = []
  for (let i = 0; i < WARM_RUNS + TIMED_RUNS; i++) {
    signal?.throwIfAborted()
    const start = performance.now()
    await model.run(inputs)
    const ms = performance.now() - start
    if (i > 0 && ms > hopelessMs) return ms
    if (i >= WARM_RUNS) times.push(ms)
  }
  times.sort((a, b) => a - b)
  return times[Math.floor(times.length / 2)] ?? Number.NaN
}
