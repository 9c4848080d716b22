import type { Affine } from '../../models/affine'
import { DETECTOR_SIZE, detectorCrop } from '../../models/blazeface'

/** Squares of a level overlap by this share, so that a face on a seam is whole in one of them. */
const OVERLAP = 0.3
/** Sides of the squares looked into, as shares of the picture's shorter side, coarse to fine. */
const LEVELS = [1, 0.5, 0.28] as const
/** A very long picture is not searched to its finest level: looking must stay a matter of a moment. */
const MOST_WINDOWS = 120

/**
 * Where to look for faces: first the whole picture, then ever smaller squares of it. The detector sees 128 × 128 pixels,
 * so a face smaller than about a tenth of the whole only shows up in a part. Frame px to detector px.
 */
export function searchWindows(width: number, height: number): Affine[] {
  const windows: Affine[] = [detectorCrop(width, height)]
  for (const level of LEVELS) {
    const side = Math.min(width, height) * level
    if (level === 1 && width === height) continue // that is the whole picture again
    const scale = DETECTOR_SIZE / side
    for (const top of starts(height, side)) {
      for (const left of starts(width, side)) windows.push([scale, 0, 0, scale, -left * scale, -top * scale])
    }
  }
  return windows.slice(0, MOST_WINDOWS)
}

/** Evenly spread starts of squares that cover a length. */
function starts(length: number, side: number): number[] {
  const free = length - side
  const count = free < 1 ? 1 : Math.ceil(free / (side * (1 - OVERLAP))) + 1
  return Array.from({ length: count }, (_, i) => (count === 1 ? free / 2 : (free * i) / (count - 1)))
}
