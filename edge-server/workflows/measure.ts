/** Sizes, lengths and points as Wan's networks want them. */

/** Width and height of every Wan latent, in pixels. */
export const SIZE_STEP = 16

export function toMultiple(pixels: number, step: number): number {
  return Math.max(step, Math.round(pixels / step) * step)
}

/** The number of frames nearest to a time that is one more than a multiple of four. */
export function framesFor(durationS: number, fps: number): number {
  return Math.max(1, Math.round((durationS * fps - 1) / 4)) * 4 + 1
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** Side of the square that frames are stretched to before SAM 2 looks at them, as it does itself; in pixels. */
const POINT_SQUARE = 768

/** A point given in percent, in pixels of that square, as segmentation nodes read it. */
export function pointAt(xPercent: number, yPercent: number): string {
  const at = (percent: number) =>
    Math.min(POINT_SQUARE - 1, Math.max(0, Math.round((percent / 100) * POINT_SQUARE)))
  return JSON.stringify([{ x: at(xPercent), y: at(yPercent) }])
}
