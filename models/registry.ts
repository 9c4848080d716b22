/** Every file of weights: what it is for, where it comes from, and how to know it is the right one. */

export interface TensorContract {
  readonly name: string
  readonly dtype: 'float32'
  readonly shape: readonly number[]
  readonly layout: 'NCHW' | 'rows'
  /** Lowest and highest value an input may have (what the bytes 0 and 255 become); undefined for outputs. */
  readonly range: readonly [low: number, high: number] | undefined
  readonly meaning: string
}

export interface ModelEntry {
  readonly id: string
  /** What it does, in words a person reads. */
  readonly task: string
  /** The file inside an npm package that it is made from by the build step. */
  readonly source: { readonly package: string; readonly file: string }
  /** Where it is served, relative to the page's origin. */
  readonly path: string
  /** Of the file as served. */
  readonly bytes: number
  readonly sha256: string
  /** SPDX. */
  readonly licence: string
  readonly inputs: readonly TensorContract[]
  readonly outputs: readonly TensorContract[]
}

const FACE_MESH_PACKAGE = '@mediapipe/face_mesh'

const image = (size: number, range: readonly [number, number]): TensorContract => ({
  name: 'input',
  dtype: 'float32',
  shape: [1, 3, size, size],
  layout: 'NCHW',
  range,
  meaning: 'RGB planes of a square picture',
})

const rows = (name: string, shape: readonly number[], meaning: string): TensorContract => ({
  name,
  dtype: 'float32',
  shape,
  layout: 'rows',
  range: undefined,
  meaning,
})

export const FACE_DETECTOR: ModelEntry = {
  id: 'face-detector',
  task: 'Finds faces',
  source: { package: FACE_MESH_PACKAGE, file: 'face_detection_short_range.tflite' },
  path: 'models/face-detector.onnx',
  bytes: 415154,
  sha256: '0a38c78d851cd5f7b4212e8c4d889121272341958c2543850e19d5696d0957ca',
  licence: 'Apache-2.0',
  inputs: [image(128, [-1, 1])],
  outputs: [
    rows('regressors', [1, 896, 16], 'per anchor: box centre and size, then 6 points, px from the anchor'),
    rows('classificators', [1, 896, 1], 'per anchor: logit that it is a face'),
  ],
}

export const FACE_MESH: ModelEntry = {
  id: 'face-mesh',
  task: 'Places 468 points on a face',
  source: { package: FACE_MESH_PACKAGE, file: 'face_landmark.tflite' },
  path: 'models/face-mesh.onnx',
  bytes: 2429464,
  sha256: '9909299633e2cd174c6a86bbde085690ce3a2c53ad8a10b49deced9374a6d3fd',
  licence: 'Apache-2.0',
  inputs: [image(192, [0, 1])],
  outputs: [
    rows('landmarks', [1, 1404], '468 × (x, y, z), px of the input'),
    rows('faceFlag', [1, 1], 'logit that the input shows a face'),
  ],
}

/** Not a network: the mesh's shape on an average head, see canonical-face.ts. */
export const CANONICAL_FACE: ModelEntry = {
  id: 'canonical-face',
  task: "The mesh's shape on an average head",
  source: { package: FACE_MESH_PACKAGE, file: 'geometry_pipeline_metadata_landmarks.binarypb' },
  path: 'models/canonical-face.bin',
  bytes: 14962,
  sha256: 'ea0482d61b1803dd75cb3030d36506ce0e044795da91958dc1277bb844136505',
  licence: 'Apache-2.0',
  inputs: [],
  outputs: [],
}

export const REGISTRY: readonly ModelEntry[] = [FACE_DETECTOR, FACE_MESH, CANONICAL_FACE]
