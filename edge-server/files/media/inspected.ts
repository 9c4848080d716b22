/** What the readers of the formats find. */
import type { Media } from './sniff'

/** A file whose structure makes sense up to the offset `end`. */
export interface Inspected extends Media {
  readonly end: number
}

export interface Picture extends Inspected {
  readonly width: number // pixels
  readonly height: number
}
