/** What is made from the npm package's assets: for each registry entry, the bytes that are served. */
import { encodeCanonicalFace } from '../canonical-face'
import { CANONICAL_FACE, FACE_DETECTOR, FACE_MESH, type ModelEntry } from '../registry'
import { convert } from './convert'
import { readFaceGeometry } from './face-geometry'
import { parseTflite } from './tflite'

/** `asset` gives a source file's bytes by the name in the registry. */
export function makeEmbedded(
  asset: (file: string) => Uint8Array<ArrayBuffer>,
): { entry: ModelEntry; bytes: Uint8Array<ArrayBuffer> }[] {
  const network = (entry: ModelEntry) => ({
    entry,
    bytes: convert(parseTflite(asset(entry.source.file)), {
      name: entry.id,
      inputs: entry.inputs.map(({ name }) => name),
      outputs: entry.outputs,
    }),
  })
  const geometry = readFaceGeometry(asset(CANONICAL_FACE.source.file))
  return [
    network(FACE_DETECTOR),
    network(FACE_MESH),
    { entry: CANONICAL_FACE, bytes: encodeCanonicalFace(geometry) },
  ]
}
