/** What a face looks like, without its light and place: for "resembles" in tests that have no recognition network. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type CanonicalFace, parseCanonicalFace } from '../../models/canonical-face'
import { splitTriangles } from '../../models/face-regions'
import type { Pixels } from '../../models/pixels'
import { CANONICAL_FACE } from '../../models/registry'
import { facesInStill, plateOfPixels } from '../../workers/faces/still'
import { openNodeFaces } from '../media/node-faces'

const publicFolder = resolve(import.meta.dirname, '../../public')

export const canonicalFace = (): CanonicalFace =>
  parseCanonicalFace(readFileSync(resolve(publicFolder, CANONICAL_FACE.path)))

/** Brightness in the middle of each skin triangle of the largest face in a picture: 852 numbers. */
export async function facePattern(pixels: Pixels): Promise<Float32Array> {
  const [face] = await facesInStill(plateOfPixels(pixels), await openNodeFaces())
  if (!face) throw new Error('There is no face in this picture.')
  const { skin } = splitTriangles(canonicalFace().triangles)
  const pattern = new Float32Array(skin.length / 3)
  for (let t = 0; t < pattern.length; t++) {
    const middle = (axis: number) =>
      [0, 1, 2].reduce((sum, k) => sum + face.landmarks[3 * skin[3 * t + k]! + axis]!, 0) / 3
    const at = 4 * (Math.round(middle(1)) * pixels.width + Math.round(middle(0)))
    pattern[t] = 0.3 * pixels.data[at]! + 0.59 * pixels.data[at + 1]! + 0.11 * pixels.data[at + 2]!
  }
  return pattern
}

/** Pearson's r. */
export function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (v: Float32Array) => v.reduce((sum, x) => sum + x, 0) / v.length
  const [ma, mb] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const x = a[i]! - ma
    const y = b[i]! - mb
    ab += x * y
    aa += x * x
    bb += y * y
  }
  return ab / Math.sqrt(aa * bb)
}
