import { type Affine, invert } from '../../models/affine'
import {
  DETECTION_SETTINGS,
  DETECTOR_SIZE,
  type Detection,
  decodeDetections,
  detectionToFrame,
  mergeOverlapping,
} from '../../models/blazeface'
import {
  cropFromDetection,
  cropFromLandmarks,
  decodeFaceScore,
  decodeLandmarks,
  LANDMARKS,
  MESH_SIZE,
  MIN_FACE_SCORE,
} from '../../models/facemesh'
import { FACE_DETECTOR, FACE_MESH, type ModelEntry } from '../../models/registry'
import { fillPlanes } from '../../models/tensor'
import type { Plate } from '../compositor/compositor'
import type { Crop } from './face'

/** Runs one network: the input's values (NCHW) in, each output's values by its name. */
export type RunNetwork = (input: Float32Array<ArrayBuffer>) => Promise<Readonly<Record<string, Float32Array>>>

/** A face read from a crop. */
export interface ReadFace {
  readonly landmarks: Float32Array<ArrayBuffer> // 468 × (x, y, z), px of the frame
  readonly score: number
  readonly crop: Crop
}

/** The detector and the mesh with everything between pixels and their tensors. */
export class FaceNetworks {
  readonly #detector: RunNetwork
  readonly #mesh: RunNetwork
  readonly #detectorInput = new Float32Array(3 * DETECTOR_SIZE ** 2)
  readonly #meshInput = new Float32Array(3 * MESH_SIZE ** 2)

  constructor(detector: RunNetwork, mesh: RunNetwork) {
    this.#detector = detector
    this.#mesh = mesh
  }

  /** Faces inside these windows (frame px to detector px), best first, px of the frame. */
  async detect(
    plate: Plate,
    windows: readonly Affine[],
    minScore = DETECTION_SETTINGS.minScore,
  ): Promise<Detection[]> {
    const found: Detection[] = []
    for (const window of windows) {
      fillPlanes(await plate.crop(window, DETECTOR_SIZE), rangeOf(FACE_DETECTOR), this.#detectorInput)
      const { regressors, classificators } = await this.#detector(this.#detectorInput)
      if (!regressors || !classificators) throw new Error('The detector lacks an output.')
      const settings = { ...DETECTION_SETTINGS, minScore }
      const toFrame = invert(window)
      found.push(
        ...decodeDetections(regressors, classificators, settings).map((d) => detectionToFrame(d, toFrame)),
      )
    }
    return windows.length === 1 ? found : mergeOverlapping(found, DETECTION_SETTINGS.maxOverlap)
  }

  /** The mesh of a detected face: looked at twice, for the second crop sits better. undefined: it is no face after all. */
  async readDetection(plate: Plate, detection: Detection): Promise<ReadFace | undefined> {
    const first = await this.#read(plate, cropFromDetection(detection))
    return first && this.readAgain(plate, first.landmarks)
  }

  /** The mesh of a face whose landmarks of a moment ago are known. undefined: it is not there any more. */
  readAgain(plate: Plate, landmarks: Float32Array): Promise<ReadFace | undefined> {
    return this.#read(plate, cropFromLandmarks(landmarks))
  }

  async #read(plate: Plate, frameToCrop: Affine): Promise<ReadFace | undefined> {
    const lent = await plate.crop(frameToCrop, MESH_SIZE)
    fillPlanes(lent, rangeOf(FACE_MESH), this.#meshInput)
    const { landmarks: raw, faceFlag } = await this.#mesh(this.#meshInput)
    if (!raw || !faceFlag) throw new Error('The mesh network lacks an output.')
    const score = decodeFaceScore(faceFlag[0] ?? Number.NEGATIVE_INFINITY)
    if (score < MIN_FACE_SCORE) return undefined
    const landmarks = new Float32Array(3 * LANDMARKS)
    decodeLandmarks(raw, invert(frameToCrop), landmarks)
    // The plate lends its crop until the next one; with several faces each needs its own.
    const pixels = { ...lent, data: new Uint8ClampedArray(lent.data) }
    return { landmarks, score, crop: { pixels, frameToCrop } }
  }
}

function rangeOf({ id, inputs }: ModelEntry): readonly [number, number] {
  const range = inputs[0]?.range
  if (!range) throw new Error(`${id} does not say the range of its input.`)
  return range
}
