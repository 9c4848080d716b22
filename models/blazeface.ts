/** MediaPipe's short-range BlazeFace: a 128 × 128 picture in, faces with six points out. */
import { type Affine, applyX, applyY } from './affine'

// Indices below are in range by construction.

export const DETECTOR_SIZE = 128 // px
export const ANCHORS = 896
const VALUES = 16 // per anchor: box centre and size, then six points

/** A face as the detector sees it. The functions here say which coordinates it is in. */
export interface Detection {
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  /** x, y of: right eye, left eye, nose tip, mouth, right ear, left ear. The person's right is at the image's left. */
  readonly points: Float32Array<ArrayBuffer>
  readonly score: number // 0..1
}

export interface DetectionSettings {
  /** Weaker ones are left out. */
  readonly minScore: number
  /** Boxes whose intersection over union is above this are one face. */
  readonly maxOverlap: number
}

/** MediaPipe's own. */
export const DETECTION_SETTINGS: DetectionSettings = { minScore: 0.5, maxOverlap: 0.3 }

/** Centres of the anchors (x, y), 0..1: 16 × 16 cells with two each, then 8 × 8 with six each, row by row. */
export const ANCHOR_CENTRES: Float32Array = makeAnchors()

function makeAnchors(): Float32Array {
  const centres: number[] = []
  for (const [grid, perCell] of [
    [16, 2],
    [8, 6],
  ] as const) {
    for (let cell = 0; cell < grid * grid; cell++) {
      const x = ((cell % grid) + 0.5) / grid
      const y = (Math.floor(cell / grid) + 0.5) / grid
      for (let i = 0; i < perCell; i++) centres.push(x, y)
    }
  }
  return Float32Array.from(centres)
}

/** Where a frame goes for the detector: whole, centred, black bars on its short sides (px to px). */
export function detectorCrop(width: number, height: number): Affine {
  const side = Math.max(width, height)
  return squareCrop((width - side) / 2, (height - side) / 2, side)
}

function squareCrop(left: number, top: number, side: number): Affine {
  const scale = DETECTOR_SIZE / side
  return [scale, 0, 0, scale, -left * scale, -top * scale]
}

/** The network's answer as faces, best first, in 0..1 of the detector's square. */
export function decodeDetections(
  regressors: Float32Array,
  classificators: Float32Array,
  settings: DetectionSettings = DETECTION_SETTINGS,
): Detection[] {
  const minLogit = Math.log(settings.minScore / (1 - settings.minScore))
  const candidates: Detection[] = []
  for (let i = 0; i < ANCHORS; i++) {
    const logit = classificators[i] as number
    if (logit >= minLogit) candidates.push(decodeAnchor(i, regressors, 1 / (1 + Math.exp(-logit))))
  }
  return mergeOverlapping(candidates, settings.maxOverlap)
}

function decodeAnchor(anchor: number, regressors: Float32Array, score: number): Detection {
  const at = anchor * VALUES
  const value = (i: number): number => (regressors[at + i] as number) / DETECTOR_SIZE
  const anchorX = ANCHOR_CENTRES[2 * anchor] as number
  const anchorY = ANCHOR_CENTRES[2 * anchor + 1] as number
  const [width, height] = [value(2), value(3)]
  const points = new Float32Array(VALUES - 4)
  for (let i = 0; i < points.length; i += 2) {
    points[i] = value(4 + i) + anchorX
    points[i + 1] = value(5 + i) + anchorY
  }
  const box = { x: value(0) + anchorX - width / 2, y: value(1) + anchorY - height / 2, width, height }
  return { box, points, score }
}

/**
 * MediaPipe's weighted non-maximum suppression: the best face and all that overlap it become one, their numbers
 * averaged by score; its score stays the best's. That is steadier from frame to frame than keeping only the best.
 */
export function mergeOverlapping(candidates: readonly Detection[], maxOverlap: number): Detection[] {
  let left = [...candidates].sort((a, b) => b.score - a.score)
  const merged: Detection[] = []
  for (let best = left[0]; best; best = left[0]) {
    const { box } = best
    const same = left.filter((other) => other === best || overlap(box, other.box) > maxOverlap)
    left = left.filter((other) => !same.includes(other))
    merged.push(average(same, best.score))
  }
  return merged
}

function average(same: readonly Detection[], score: number): Detection {
  const box = { x: 0, y: 0, width: 0, height: 0 }
  const points = new Float32Array(VALUES - 4)
  const total = same.reduce((sum, each) => sum + each.score, 0)
  for (const each of same) {
    const weight = each.score / total
    box.x += each.box.x * weight
    box.y += each.box.y * weight
    box.width += each.box.width * weight
    box.height += each.box.height * weight
    for (let i = 0; i < points.length; i++) {
      points[i] = (points[i] as number) + (each.points[i] as number) * weight
    }
  }
  return { box, points, score }
}

/** Intersection over union. */
function overlap(a: Detection['box'], b: Detection['box']): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (a.width * a.height + b.width * b.height - shared)
}

/** The same face in px of the frame, given where the detector's square (px) came from. */
export function detectionToFrame({ box, points, score }: Detection, squareToFrame: Affine): Detection {
  const x = (u: number, v: number) => applyX(squareToFrame, u * DETECTOR_SIZE, v * DETECTOR_SIZE)
  const y = (u: number, v: number) => applyY(squareToFrame, u * DETECTOR_SIZE, v * DETECTOR_SIZE)
  const [left, top] = [x(box.x, box.y), y(box.x, box.y)]
  const [right, bottom] = [box.x + box.width, box.y + box.height]
  const moved = new Float32Array(points.length)
  for (let i = 0; i < points.length; i += 2) {
    moved[i] = x(points[i] as number, points[i + 1] as number)
    moved[i + 1] = y(points[i] as number, points[i + 1] as number)
  }
  const inFrame = { x: left, y: top, width: x(right, bottom) - left, height: y(right, bottom) - top }
  return { box: inFrame, points: moved, score }
}
