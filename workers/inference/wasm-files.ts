// Asked for by URL, so that the bundler ships them as they are, under hashed names: the script starts copies of
// itself as threads, which works only when it is a file of its own.
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url'
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'

export default { mjs, wasm }
