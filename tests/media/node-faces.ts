/** The embedded face networks in Node, for tests that ask what a tracker would see. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import * as ort from 'onnxruntime-web/wasm'
import { type Affine, applyX, applyY, invert } from '../../models/affine'
import { DETECTOR_SIZE, decodeDetections, detectionToFrame, detectorCrop } from '../../models/blazeface'
import {
  cropFromDetection,
  cropFromLandmarks,
  decodeFaceScore,
  decodeLandmarks,
  LANDMARKS,
  MESH_SIZE,
} from '../../models/facemesh'
import { createPixels, type Pixels } from '../../models/pixels'
import { FACE_DETECTOR, FACE_MESH, type ModelEntry } from '../../models/registry'
import { fillPlanes } from '../../models/tensor'

export interface SeenFace {
  /** 468 × (x, y, z) in px of the picture. */
  readonly landmarks: Float32Array<ArrayBuffer>
  readonly score: number // 0..1
}

export interface NodeFaces {
  /** Whether the detector finds a face at all. */
  detect(pixels: Pixels): Promise<boolean>
  /** The best face: cropped by the detector, or by `before`, the landmarks of the frame before. */
  find(pixels: Pixels, before?: Float32Array): Promise<SeenFace | undefined>
}

export async function openNodeFaces(): Promise<NodeFaces> {
  const require = createRequire(import.meta.url)
  const wasm = require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')
  ort.env.wasm.numThreads = 1
  ort.env.wasm.wasmPaths = {
    wasm: pathToFileURL(wasm).href,
    mjs: pathToFileURL(wasm.replace(/\.wasm$/, '.mjs')).href,
  }
  const open = async (entry: ModelEntry) =>
    ort.InferenceSession.create(await readFile(new URL(`../../public/${entry.path}`, import.meta.url)), {
      executionProviders: ['wasm'],
    })
  const detector = await open(FACE_DETECTOR)
  const mesh = await open(FACE_MESH)

  async function run(session: ort.InferenceSession, entry: ModelEntry, crop: Pixels) {
    const range = entry.inputs[0]?.range
    if (!range) throw new Error(`${entry.id} has no input range.`)
    const planes = new Float32Array(3 * crop.width * crop.height)
    fillPlanes(crop, range, planes)
    const input = new ort.Tensor('float32', planes, [1, 3, crop.height, crop.width])
    const outputs = await session.run({ input })
    return (name: string): Float32Array => outputs[name]?.data as Float32Array // the registry's outputs are float32
  }

  const detectBest = async (pixels: Pixels) => {
    const toSquare = detectorCrop(pixels.width, pixels.height)
    const output = await run(detector, FACE_DETECTOR, cropPixels(pixels, toSquare, DETECTOR_SIZE))
    const [best] = decodeDetections(output('regressors'), output('classificators'))
    return best && detectionToFrame(best, invert(toSquare))
  }
  return {
    detect: async (pixels) => (await detectBest(pixels)) !== undefined,
    async find(pixels, before) {
      let frameToCrop: Affine | undefined
      if (before) frameToCrop = cropFromLandmarks(before)
      else {
        const best = await detectBest(pixels)
        if (best) frameToCrop = cropFromDetection(best)
      }
      if (!frameToCrop) return undefined
      const output = await run(mesh, FACE_MESH, cropPixels(pixels, frameToCrop, MESH_SIZE))
      const landmarks = new Float32Array(3 * LANDMARKS)
      decodeLandmarks(output('landmarks'), invert(frameToCrop), landmarks)
      return { landmarks, score: decodeFaceScore(output('faceFlag')[0] as number) }
    },
  }
}

/** A square of a picture; each pixel is the mean of n × n bilinear taps over its footprint. Outside it is black. */
export function cropPixels(pixels: Pixels, frameToCrop: Affine, size: number): Pixels {
  const { width, height, data } = pixels
  const crop = createPixels(size, size)
  const back = invert(frameToCrop)
  const n = Math.max(1, Math.min(4, Math.round(Math.hypot(back[0], back[1]) / 2)))
  const texel = (x: number, y: number, channel: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (data[4 * (y * width + x) + channel] as number)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = 4 * (y * size + x)
      crop.data[at + 3] = 255
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0
        for (let tap = 0; tap < n * n; tap++) {
          const [cx, cy] = [x + ((tap % n) + 0.5) / n, y + (Math.floor(tap / n) + 0.5) / n]
          const [fx, fy] = [applyX(back, cx, cy) - 0.5, applyY(back, cx, cy) - 0.5]
          const [ix, iy] = [Math.floor(fx), Math.floor(fy)]
          const [tx, ty] = [fx - ix, fy - iy]
          sum +=
            (texel(ix, iy, channel) * (1 - tx) + texel(ix + 1, iy, channel) * tx) * (1 - ty) +
            (texel(ix, iy + 1, channel) * (1 - tx) + texel(ix + 1, iy + 1, channel) * tx) * ty
        }
        crop.data[at + channel] = sum / (n * n)
      }
    }
  }
  return crop
}
