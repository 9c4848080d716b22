/** Numbers for a swap, from pixels and landmarks alone, so that any pipeline's output can be judged. */
import { LEFT_EYE_OUTER_CORNER, RIGHT_EYE_OUTER_CORNER } from '../../models/face-regions'
import { createPixels, type Pixels } from '../../models/pixels'
import { arcfaceCrop } from '../../models/templates'
import { cropPixels } from '../../workers/compositor/cpu/crop'

const IMAGENET_MEAN = [0.485, 0.456, 0.406]
const IMAGENET_DEVIATION = [0.229, 0.224, 0.225]

/** What the identity network wants to see: the aligned face as 112 × 112 RGB planes, ImageNet's mean and deviation. */
export function identityPlanes(picture: Pixels, landmarks: Float32Array): Float32Array<ArrayBuffer> {
  const crop = createPixels(112, 112)
  cropPixels(picture, arcfaceCrop(landmarks), crop)
  const planes = new Float32Array(3 * 112 * 112)
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < 112 * 112; i++) {
      planes[c * 112 * 112 + i] = (crop.data[4 * i + c]! / 255 - IMAGENET_MEAN[c]!) / IMAGENET_DEVIATION[c]!
    }
  }
  return planes
}

export function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!
    aa += a[i]! ** 2
    bb += b[i]! ** 2
  }
  return dot / Math.sqrt(aa * bb)
}

/**
 * Mean distance of two meshes in the picture plane, in % of the first one's eye distance, which is between the outer
 * corners: the inter-ocular distance by which landmark errors are usually divided.
 */
export function landmarkPct(input: Float32Array, output: Float32Array): number {
  const [right, left] = [3 * RIGHT_EYE_OUTER_CORNER, 3 * LEFT_EYE_OUTER_CORNER]
  const eyes = Math.hypot(input[left]! - input[right]!, input[left + 1]! - input[right + 1]!)
  let sum = 0
  for (let i = 0; i < input.length; i += 3)
    sum += Math.hypot(output[i]! - input[i]!, output[i + 1]! - input[i + 1]!)
  return (100 * sum) / (input.length / 3) / eyes
}

/** Mean absolute change (0..255, over channels) of the pixels for which `isOutside` holds. */
export function meanChange(
  before: Pixels,
  after: Pixels,
  isOutside: (x: number, y: number) => boolean,
): number {
  let [sum, count] = [0, 0]
  for (let y = 0; y < before.height; y++) {
    for (let x = 0; x < before.width; x++) {
      if (!isOutside(x, y)) continue
      const at = 4 * (y * before.width + x)
      for (let c = 0; c < 3; c++) sum += Math.abs(after.data[at + c]! - before.data[at + c]!)
      count += 3
    }
  }
  return count > 0 ? sum / count : 0
}

/** How much meshes shake: mean |p(t+1) − 2p(t) + p(t−1)| in px. */
export function shake(before: Float32Array, now: Float32Array, after: Float32Array): number {
  let sum = 0
  for (let i = 0; i < now.length; i += 3) {
    const x = after[i]! - 2 * now[i]! + before[i]!
    const y = after[i + 1]! - 2 * now[i + 1]! + before[i + 1]!
    sum += Math.hypot(x, y)
  }
  return sum / (now.length / 3)
}

/** What one frame of a pair's run showed; meshes as the network reads them, unsmoothed. */
export interface JudgedFrame {
  readonly input: Float32Array
  readonly output: Float32Array
  /** Cosine to the source of the output and of the untouched input; undefined where nobody asked. */
  readonly identity: number | undefined
  readonly identityInput: number | undefined
  /** Mean change of the pixels outside what the layer draws, 0..255. */
  readonly outside: number
}

/** Means over the frames of a pair; null where it was not measured. */
export interface PairScore {
  readonly source: string
  readonly clip: string
  readonly identity: number | null
  readonly identityInput: number | null
  readonly landmarkPct: number | null
  readonly outside: number | null
  /** Shake in px over the stiller half of the frames: of the output's mesh, and of the input's. */
  readonly jitter: number | null
  readonly jitterInput: number | null
}

function mean(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined)
  if (known.length === 0) return null
  return Math.round((1000 * known.reduce((sum, value) => sum + value, 0)) / known.length) / 1000
}

/** Frames are consecutive. */
export function scorePair(source: string, clip: string, frames: readonly JudgedFrame[]): PairScore {
  const shakes = frames.slice(1, -1).map((now, k) => {
    const [before, after] = [frames[k]!, frames[k + 2]!]
    return {
      input: shake(before.input, now.input, after.input),
      output: shake(before.output, now.output, after.output),
    }
  })
  const still = shakes.sort((a, b) => a.input - b.input).slice(0, Math.ceil(shakes.length / 2))
  return {
    source,
    clip,
    identity: mean(frames.map(({ identity }) => identity)),
    identityInput: mean(frames.map(({ identityInput }) => identityInput)),
    landmarkPct: mean(frames.map(({ input, output }) => landmarkPct(input, output))),
    outside: mean(frames.map(({ outside }) => outside)),
    jitter: mean(still.map(({ output }) => output)),
    jitterInput: mean(still.map(({ input }) => input)),
  }
}
