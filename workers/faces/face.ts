import type { Affine } from '../../models/affine'
import type { Pixels } from '../../models/pixels'

/** A square cut out of a frame, turned so that the eyes are level. Pixels outside the frame are black. */
export interface Crop {
  readonly pixels: Pixels
  readonly frameToCrop: Affine // px to px
}

/** One face in one frame. */
export interface Face {
  /** The same number for the same person from frame to frame. */
  readonly id: number
  /** 468 × (x, y, z) in pixels of the frame; z is depth, smaller is nearer, on the scale of x. Smoothed over time. */
  readonly landmarks: Float32Array
  /** The network's confidence that the crop holds a face, 0..1. */
  readonly score: number
  /** What the mesh network saw, 192 × 192; colours are read from it too. */
  readonly crop: Crop
  /** Milliseconds since the face was last seen; 0 when it was seen in this very frame. */
  readonly missingMs: number
}

/** A face in the frame of a moment. */
export interface FaceAt {
  readonly face: Face
  readonly timeMs: number
}
