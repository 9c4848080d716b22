/** The one owner of the GPU device: asks for it, tells when it is lost, ends it. */

export interface GpuAdapter {
  /** What a person may read: maker and kind. */
  readonly name: string
  /** The processor plays a GPU: its memory is plain memory. */
  readonly software: boolean
}

/** What larger shader programs (neural networks) need more of than the default. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const
const FEATURES = ['shader-f16', 'subgroups'] as const

/**
 * A device of its own, or undefined where the browser has none to give. Ask again after a loss: every call makes a new
 * device. `onError` hears each different GPU error once.
 */
export async function openGpu(onError: (message: string) => void): Promise<Gpu | undefined> {
  // Browsers without WebGPU lack the object, whatever its type says.
  const gpu: GPU | undefined = navigator.gpu
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) return undefined
  const { info, features, limits } = adapter
  try {
    const device = await adapter.requestDevice({
      label: 'understudy',
      requiredFeatures: FEATURES.filter((feature) => features.has(feature)),
      requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, limits[name]])),
    })
    const name = [info.vendor, info.description || info.architecture || info.device].filter(Boolean).join(' ')
    return new Gpu(device, { name, software: info.isFallbackAdapter }, onError)
  } catch {
    return undefined // the adapter was lost meanwhile, or the system refuses
  }
}

export class Gpu implements Disposable {
  readonly device: GPUDevice
  readonly adapter: GpuAdapter
  /** Resolves with the browser's words when the device is gone, also when we ended it. */
  readonly lost: Promise<string>
  readonly #waiting = new Set<(reason: Error) => void>()
  #gone: string | undefined

  constructor(device: GPUDevice, adapter: GpuAdapter, onError: (message: string) => void) {
    this.device = device
    this.adapter = adapter
    const told = new Set<string>()
    device.onuncapturederror = (event) => {
      event.preventDefault() // onError hears it; the console need not
      const { message } = event.error
      if (told.has(message)) return
      told.add(message)
      onError(message)
    }
    this.lost = device.lost.then(({ message }) => this.#end(message))
  }

  /** Throws an Error named `DeviceLostError` when the device is gone. */
  throwIfLost(): void {
    if (this.#gone !== undefined) throw deviceLostError(this.#gone)
  }

  /** What `work` gives; rejects with an Error named `DeviceLostError` when the device goes first. */
  async untilLost<T>(work: Promise<T>): Promise<T> {
    this.throwIfLost()
    // Not a race with `lost`: that would hold on to something of every frame as long as the device lives.
    let give: (reason: Error) => void = () => {}
    const loss = new Promise<never>((_, reject) => {
      give = reject
    })
    this.#waiting.add(give)
    try {
      const result = await Promise.race([work, loss])
      this.throwIfLost()
      return result
    } catch (error) {
      this.throwIfLost()
      throw error
    } finally {
      this.#waiting.delete(give)
    }
  }

  /** Breaks the device on purpose, as a driver would. */
  lose(): void {
    this.#end('The device was given up.')
    this.device.destroy()
  }

  [Symbol.dispose](): void {
    this.lose()
  }

  #end(message: string): string {
    this.#gone ??= message
    for (const reject of this.#waiting) reject(deviceLostError(message))
    this.#waiting.clear()
    return message
  }
}

function deviceLostError(message: string): Error {
  const error = new Error(`The GPU is gone: ${message}`)
  error.name = 'DeviceLostError'
  return error
}
