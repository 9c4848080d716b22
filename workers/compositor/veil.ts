/** The mosaic that hides a plate whose face was lost: square blocks of one colour each. Both compositors agree on it. */

const BLOCKS_ACROSS = 24

/** A block's colour is the mean of VEIL_TAPS × VEIL_TAPS pixels, spread evenly over it. */
export const VEIL_TAPS = 4

/** Side of a block in px. Blocks start at the frame's top left; the last ones may be cut off. */
export const veilBlockPx = (frameWidth: number): number => Math.max(1, Math.ceil(frameWidth / BLOCKS_ACROSS))

/** Where tap `index` of 0..VEIL_TAPS − 1 lies in a block that begins at `start`: a whole pixel inside the frame. */
export const veilTap = (start: number, index: number, blockPx: number, length: number): number =>
  Math.min(length - 1, start + Math.floor(((index + 0.5) * blockPx) / VEIL_TAPS))
