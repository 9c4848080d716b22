import type { Pixels } from '../../models/pixels'

/**
 * A part of a job's result being written, a few seconds of it. Disposing without `finish` leaves an empty file or none:
 * a segment is whole or it is not there.
 */
export interface SegmentWriter extends AsyncDisposable {
  /**
   * One frame, in order of time: seconds on the clip's own clock. The pixels are copied before this resolves, and it
   * resolves when the next frame may come. Rejects with a named Error when the encoder fails or storage is full.
   */
  add(pixels: Pixels, timeS: number, durationS: number): Promise<void>
  /** Resolves when everything is in the file. */
  finish(): Promise<void>
}
