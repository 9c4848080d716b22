/**
 * Where a head is: the similarity in space that takes one set of points onto another. Indices are in range by
 * construction (anchors number points of both sets), hence the casts.
 */
import type { Topology } from './topology'

/** to = scale · rotation · from + shift; the rotation row by row. */
export interface HeadPose {
  scale: number
  readonly rotation: Float64Array // 9
  readonly shift: Float64Array // 3
}

export const createPose = (): HeadPose => ({
  scale: 1,
  rotation: new Float64Array([1, 0, 0, 0, 1, 0, 0, 0, 1]),
  shift: new Float64Array(3),
})

type Anchors = Pick<Topology, 'anchors' | 'anchorWeights'>
type Points = ArrayLike<number>
type Nine = readonly [number, number, number, number, number, number, number, number, number]

const middleFrom = new Float64Array(3)
const middleTo = new Float64Array(3)
const products = new Float64Array(9) // Σ w · from · toᵀ, centred
const matrix = new Float64Array(16)
const square = new Float64Array(16)

/**
 * Weighted least squares over the anchors, in closed form: Horn's quaternion (the eigenvector to the largest eigenvalue
 * of his symmetric 4 × 4 matrix, found by squaring), then Umeyama's scale. Triples x, y, z indexed by point number.
 */
export function alignHead(from: Points, to: Points, anchors: Anchors, pose: HeadPose): void {
  centre(from, anchors, middleFrom)
  centre(to, anchors, middleTo)
  const spread = correlate(from, to, anchors)
  hornMatrix()
  const [w, x, y, z] = dominant()
  const r = pose.rotation
  r[0] = w * w + x * x - y * y - z * z
  r[1] = 2 * (x * y - w * z)
  r[2] = 2 * (x * z + w * y)
  r[3] = 2 * (x * y + w * z)
  r[4] = w * w - x * x + y * y - z * z
  r[5] = 2 * (y * z - w * x)
  r[6] = 2 * (x * z - w * y)
  r[7] = 2 * (y * z + w * x)
  r[8] = w * w - x * x - y * y + z * z
  // scale = Σ w · to · (R · from) / Σ w · |from|²
  let along = 0
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) along += (r[3 * i + j] as number) * (products[3 * j + i] as number)
  }
  pose.scale = spread > 0 ? along / spread : 1
  for (let i = 0; i < 3; i++) {
    let turned = 0
    for (let j = 0; j < 3; j++) turned += (r[3 * i + j] as number) * (middleFrom[j] as number)
    pose.shift[i] = (middleTo[i] as number) - pose.scale * turned
  }
}

function centre(points: Points, { anchors, anchorWeights }: Anchors, out: Float64Array): void {
  let total = 0
  let x = 0
  let y = 0
  let z = 0
  for (let k = 0; k < anchors.length; k++) {
    const i = 3 * (anchors[k] as number)
    const weight = anchorWeights[k] as number
    total += weight
    x += weight * (points[i] as number)
    y += weight * (points[i + 1] as number)
    z += weight * (points[i + 2] as number)
  }
  out[0] = x / total
  out[1] = y / total
  out[2] = z / total
}

/** Fills `products`; returns Σ w · |from|². */
function correlate(from: Points, to: Points, { anchors, anchorWeights }: Anchors): number {
  products.fill(0)
  let spread = 0
  for (let k = 0; k < anchors.length; k++) {
    const at = 3 * (anchors[k] as number)
    const weight = anchorWeights[k] as number
    for (let i = 0; i < 3; i++) {
      const p = weight * ((from[at + i] as number) - (middleFrom[i] as number))
      spread += p * ((from[at + i] as number) - (middleFrom[i] as number))
      for (let j = 0; j < 3; j++) {
        products[3 * i + j] =
          (products[3 * i + j] as number) + p * ((to[at + j] as number) - (middleTo[j] as number))
      }
    }
  }
  return spread
}

/** Horn 1987: the quaternion that maximises Σ to · R · from is the dominant eigenvector of this matrix. */
function hornMatrix(): void {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = products as unknown as Nine
  let largest = 0
  for (let i = 0; i < 9; i++) largest += Math.abs(products[i] as number)
  const lift = 2 * largest // makes all eigenvalues positive, so that squaring picks the largest, not the most negative
  matrix[0] = lift + xx + yy + zz
  matrix[1] = matrix[4] = yz - zy
  matrix[2] = matrix[8] = zx - xz
  matrix[3] = matrix[12] = xy - yx
  matrix[5] = lift + xx - yy - zz
  matrix[6] = matrix[9] = xy + yx
  matrix[7] = matrix[13] = zx + xz
  matrix[10] = lift - xx + yy - zz
  matrix[11] = matrix[14] = yz + zy
  matrix[15] = lift - xx - yy + zz
}

/** Eigenvector to the largest eigenvalue of `matrix`: the 2¹²-th power has nothing else left. Unit length. */
function dominant(): readonly [number, number, number, number] {
  for (let round = 0; round < 12; round++) {
    let trace = 0
    for (let i = 0; i < 4; i++) trace += matrix[5 * i] as number
    if (trace === 0) return [1, 0, 0, 0]
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        let sum = 0
        for (let k = 0; k < 4; k++) sum += (matrix[4 * i + k] as number) * (matrix[4 * k + j] as number)
        square[4 * i + j] = sum / (trace * trace)
      }
    }
    matrix.set(square)
  }
  let best = 0
  for (let i = 1; i < 4; i++) if ((matrix[5 * i] as number) > (matrix[5 * best] as number)) best = i
  const column = [0, 1, 2, 3].map((i) => matrix[4 * i + best] as number)
  const length = Math.hypot(...column)
  return column.map((value) => value / length) as [number, number, number, number]
}
