// As wasm-files.ts, for the build that has WebGPU in it.
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'

export default { mjs, wasm }
