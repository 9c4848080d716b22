/** The ruler of likeness: a face identity network that lies beside the project, never in it. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import * as ort from 'onnxruntime-web'
import type { Pixels } from '../../models/pixels'
import { identityPlanes } from './score'

export const SHARED = resolve(import.meta.dirname, '../../../shared')

/** 128 numbers that say who a face is, compared by cosine; its mesh says where it is in the picture. */
export type Recognise = (picture: Pixels, landmarks: Float32Array) => Promise<Float32Array>

/** undefined where the network is not there. */
export async function openRecogniser(): Promise<Recognise | undefined> {
  const path = resolve(SHARED, 'models/mobilefacenet_128d.onnx')
  if (!existsSync(path)) return undefined
  const session = await ort.InferenceSession.create(await readFile(path), { executionProviders: ['wasm'] })
  return async (picture, landmarks) => {
    const planes = new ort.Tensor('float32', identityPlanes(picture, landmarks), [1, 3, 112, 112])
    const outputs = await session.run({ [session.inputNames[0]!]: planes })
    return Float32Array.from(outputs[session.outputNames[0]!]!.data as Float32Array)
  }
}
