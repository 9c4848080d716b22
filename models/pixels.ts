/** Pixels in plain memory: RGBA, 8 bits each, row by row from the top left, not premultiplied. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

export const createPixels = (width: number, height: number): Pixels => ({
  width,
  height,
  data: new Uint8ClampedArray(new ArrayBuffer(width * height * 4)),
})
