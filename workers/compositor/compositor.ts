import type { Affine } from '../../models/affine'
import type { Pixels } from '../../models/pixels'
import type { Layer, Overlay } from './layer'

/** One frame, ready to be looked at and drawn. Disposing closes the frame. */
export interface Plate extends Disposable {
  readonly width: number // px, as displayed
  readonly height: number
  /**
   * A square of `size` px through `frameToCrop`. Every output pixel is the mean of n × n bilinear taps spread evenly
   * over its footprint, n = clamp(round(frame px per crop px / 2), 1, 4). Outside the frame it is black, alpha 255 throughout.
   * The result is good until the next crop of the same size.
   */
  crop(frameToCrop: Affine, size: number): Promise<Pixels>
}

/** Draws. The canvas it presents on is its own; a lost device rejects with an Error named `DeviceLostError`. */
export interface Compositor extends Disposable {
  readonly kind: 'webgpu' | 'cpu'
  /** Takes the frame over: the plate closes it. */
  take(frame: VideoFrame): Promise<Plate>
  /**
   * Draws the plate, the layers over it and the overlay over those, and presents, unless told to leave what is shown
   * as it is. Resolves when the work is done.
   */
  draw(
    plate: Plate,
    layers: readonly Layer[],
    overlay: Overlay,
    options?: { readonly show: boolean },
  ): Promise<void>
  /** The last picture drawn, as PNG. Rejects when there is none. Not for every frame: it is read back. */
  snapshot(): Promise<Blob>
  /** The last picture drawn, in plain memory: read back where the GPU drew it. Lent until the next draw. Rejects when there is none. */
  pixels(): Promise<Pixels>
  /** Copies between CPU and GPU memory since the last call (uploads + read-backs of pixels), for the bench. */
  takeCopies(): number
}
