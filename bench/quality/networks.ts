/** The face networks and the identity ruler on ONNX Runtime in Node. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import * as ort from 'onnxruntime-web'
import { type CanonicalFace, parseCanonicalFace } from '../../models/canonical-face'
import { FaceNetworks, type RunNetwork } from '../../workers/faces/networks'

const MODELS = resolve(import.meta.dirname, '../../public/models')

let turn: Promise<unknown> = Promise.resolve()

async function openNetwork(path: string, shape: readonly number[]): Promise<RunNetwork> {
  const session = await ort.InferenceSession.create(await readFile(path), { executionProviders: ['wasm'] })
  const input = session.inputNames[0] as string // every network here has one
  return (values) => {
    const result = turn.then(async () => {
      const outputs = await session.run({ [input]: new ort.Tensor('float32', values, shape) })
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]),
      )
    })
    turn = result.catch(() => undefined)
    return result
  }
}

export async function openFaceNetworks(): Promise<FaceNetworks> {
  const detector = await openNetwork(resolve(MODELS, 'face-detector.onnx'), [1, 3, 128, 128])
  const mesh = await openNetwork(resolve(MODELS, 'face-mesh.onnx'), [1, 3, 192, 192])
  return new FaceNetworks(detector, mesh)
}

export const readCanonicalFace = async (): Promise<CanonicalFace> =>
  parseCanonicalFace(await readFile(resolve(MODELS, 'canonical-face.bin')))

/** 112 × 112 RGB planes in, 128 numbers out (not yet of unit length). */
export async function openIdentity(
  path: string,
): Promise<(planes: Float32Array<ArrayBuffer>) => Promise<Float32Array>> {
  const run = await openNetwork(path, [1, 3, 112, 112])
  return async (planes) => Object.values(await run(planes))[0] as Float32Array
}
