/** Loads ONNX Runtime: the small WASM build, or the WebGPU build where that is wanted. Both from our own origin. */
import type * as Ort from 'onnxruntime-web/wasm'

export type { Ort }
export type Provider = 'wasm' | 'webgpu'

/**
 * Threads for WASM. More than four gain nothing with networks this small, and without cross-origin isolation (or
 * outside a browser, where nobody promises it) there is no shared memory to run threads on.
 */
export function threadCount(): number {
  if (!globalThis.crossOriginIsolated) return 1
  return Math.max(1, Math.min(navigator.hardwareConcurrency, 4))
}

const loading = new Map<Provider, Promise<typeof Ort>>()

/** The runtime for a provider, loaded once. In Node only WASM is there. */
export function loadRuntime(provider: Provider): Promise<typeof Ort> {
  let runtime = loading.get(provider)
  if (!runtime) {
    runtime = provider === 'wasm' ? loadWasm() : loadWebgpu()
    loading.set(provider, runtime)
    runtime.catch(() => loading.delete(provider)) // a failed download may be tried again
  }
  return runtime
}

async function loadWasm(): Promise<typeof Ort> {
  const ort = await import('onnxruntime-web/wasm')
  return configured(ort, inBrowser() ? (await import('./wasm-files')).default : undefined)
}

async function loadWebgpu(): Promise<typeof Ort> {
  // The same module with another build behind it.
  const ort: typeof Ort = await import('onnxruntime-web/webgpu')
  return configured(ort, inBrowser() ? (await import('./webgpu-files')).default : undefined)
}

/** Without `files` the runtime finds them beside itself, as it can in Node. */
function configured(ort: typeof Ort, files?: { readonly mjs: string; readonly wasm: string }): typeof Ort {
  const absolute = (url: string): string => new URL(url, self.location.href).href
  if (files) ort.env.wasm.wasmPaths = { mjs: absolute(files.mjs), wasm: absolute(files.wasm) }
  ort.env.wasm.numThreads = threadCount() // left to itself it fails in Node
  ort.env.wasm.proxy = false // models already run off the main thread
  ort.env.logLevel = 'error'
  return ort
}

const inBrowser = (): boolean => typeof self !== 'undefined' && 'location' in self
