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

/** Pixels of a point given in percent, as segmentation nodes read it. */
export function pointIn({ width, height }: Size, xPercent: number, yPercent: number): string {
  const at = (percent: number, length: number) =>
    Math.min(length - 1, Math.max(0, Math.round((percent / 100) * length)))
  return JSON.stringify([{ x: at(xPercent, width), y: at(yPercent, height) }])
}
