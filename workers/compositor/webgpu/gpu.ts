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

const LOSS_TOLD_MS = 50

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
    this.lost = device.lost.then(({ message }) => {
      this.#gone ??= message
      return message
    })
  }

  /** Throws an Error named `DeviceLostError` when the device is gone. */
  throwIfLost(): void {
    if (this.#gone !== undefined) throw deviceLostError(this.#gone)
  }

  /** What `work` gives; when it fails because the device is gone, an Error named `DeviceLostError` says so. */
  async untilLost<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work // the GPU's promises settle also when it is lost
      this.throwIfLost()
      return result
    } catch (error) {
      // Work may fail a moment before the loss itself is told.
      await Promise.race([this.lost, new Promise((resolve) => setTimeout(resolve, LOSS_TOLD_MS))])
      this.throwIfLost()
      throw error
    }
  }

  /** Breaks the device on purpose, as a driver would. */
  lose(): void {
    this.#gone ??= 'The device was given up.'
    this.device.destroy()
  }

  [Symbol.dispose](): void {
    this.lose()
  }
}

function deviceLostError(message: string): Error {
  const error = new Error(`The GPU is gone: ${message}`)
  error.name = 'DeviceLostError'
  return error
}
