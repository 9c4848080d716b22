/** The embedded face networks in Node, for tests that ask what a tracker would see. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { FACE_DETECTOR, FACE_MESH, type ModelEntry } from '../../models/registry'
import { FaceNetworks, type RunNetwork } from '../../workers/faces/networks'
import { Model } from '../../workers/inference/model'
import { loadWeights } from '../../workers/inference/weights'

const root = resolve(import.meta.dirname, '../..')

/** Bytes of a file under public/. */
export async function readPublic(path: string): Promise<ArrayBuffer> {
  return Uint8Array.from(await readFile(resolve(root, 'public', path))).buffer
}

export async function openNodeFaces(): Promise<FaceNetworks> {
  const open = async (entry: ModelEntry): Promise<RunNetwork> => {
    const model = await Model.open(entry, await loadWeights(entry, undefined, readPublic))
    return (input) => model.run({ input })
  }
  return new FaceNetworks(await open(FACE_DETECTOR), await open(FACE_MESH))
}
