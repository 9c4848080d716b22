import type { Pixels } from '../../models/pixels'
import type { Layer } from '../compositor/layer'
import type { Face, FaceAt } from '../faces/face'
import type { Look } from '../studio/look'

/**
 * A way of giving a face another identity. `prepare` once per source picture, `layer` per face and frame.
 * The mesh swap is the embedded one; neural engines take the same seat.
 */
export interface SwapEngine<Source> {
  readonly id: string
  /** `landmarks`: 468 × (x, y, z) in pixels of `image`. The picture is not kept. */
  prepare(image: Pixels, landmarks: Float32Array): Source
  /** The layer is good until the next call for the same face id. */
  layer(face: Face, source: Source, look: Look, timestampMs: number): Layer
  /**
   * What will be seen of a face that is new, in order, beginning with its first frame: for that frame's layer to be as good as
   * later ones. Only a clip can know.
   */
  expect(coming: readonly FaceAt[]): void
  /** Drops what is remembered over time about a face (colour, proportions). */
  forget(faceId: number): void
  /** All that is remembered over time about faces, as plain data that can be stored and sent between threads. */
  save(): unknown
  /**
   * Remembers that instead of what it remembers now: following layers are the same to the bit as if it had never stopped.
   * Throws an Error named `MemoryOutdatedError` when another version of the app saved it.
   */
  restore(memory: unknown): void
}
