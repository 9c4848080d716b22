import type { Pixels } from '../../models/pixels'

/** What every frame we encode is tagged with. */
export const BT709: VideoColorSpaceInit = {
  primaries: 'bt709',
  transfer: 'bt709',
  matrix: 'bt709',
  fullRange: false,
}

// BT.709 with 8-bit limited range (ITU-R BT.709-6, 3.3 and 3.5), times 2^16. Rows of chroma add up to exactly 0, so that
// grey stays grey.
const Y_R = 11966
const Y_G = 40254
const Y_B = 4064
const CB_R = -6596
const CB_G = -22189
const CB_B = 28785
const CR_R = 28784
const CR_G = -26145
const CR_B = -2639

/**
 * Turns pixels into frames for an encoder: planes of Y, Cb, Cr with half the chroma resolution. Done here because an
 * encoder that is given RGBA chooses for itself: Debian's Chromium writes full range with the transfer of sRGB then, which
 * not every player reads, and others have taken BT.601. 0.9 ms for 640 × 480 (two cores, no GPU).
 */
export class I420Converter {
  readonly #width: number
  readonly #height: number
  readonly #planes: Uint8Array<ArrayBuffer>

  /** The size of the frames, px. Where it is larger than the pixels, their last column and row are repeated. */
  constructor(width: number, height: number) {
    this.#width = width
    this.#height = height
    this.#planes = new Uint8Array(width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2))
  }

  /** A frame of its own memory; the caller closes it. Throws a RangeError when the pixels are larger. */
  frame(pixels: Pixels, timestampUs: number, durationUs: number): VideoFrame {
    const width = this.#width
    const height = this.#height
    if (pixels.width > width || pixels.height > height)
      throw new RangeError(`${pixels.width} × ${pixels.height} pixels do not fit ${width} × ${height}.`)
    toI420(pixels, width, height, this.#planes)
    const half = Math.ceil(width / 2)
    const luma = width * height
    return new VideoFrame(this.#planes, {
      format: 'I420',
      codedWidth: width,
      codedHeight: height,
      timestamp: timestampUs,
      duration: durationUs,
      colorSpace: BT709,
      layout: [
        { offset: 0, stride: width },
        { offset: luma, stride: half },
        { offset: luma + half * Math.ceil(height / 2), stride: half },
      ],
    })
  }
}

/** Fills `planes` with Y (width × height), Cb and Cr (half as wide and high, rounded up), without gaps between rows. */
export function toI420(
  { data, width: sourceWidth, height: sourceHeight }: Pixels,
  width: number,
  height: number,
  planes: Uint8Array,
): void {
  const half = (width + 1) >> 1
  const cbAt = width * height
  const crAt = cbAt + half * ((height + 1) >> 1)
  const lastX = sourceWidth - 1
  const lastY = sourceHeight - 1
  for (let y = 0; y < height; y += 2) {
    const top = 4 * sourceWidth * Math.min(y, lastY)
    const bottom = 4 * sourceWidth * Math.min(y + 1, lastY)
    const hasBottom = y + 1 < height
    for (let x = 0; x < width; x += 2) {
      const left = 4 * Math.min(x, lastX)
      const right = 4 * Math.min(x + 1, lastX)
      // The four pixels that share one chroma sample; beyond the edge the last one counts again.
      let at = top + left
      let r = data[at] ?? 0
      let g = data[at + 1] ?? 0
      let b = data[at + 2] ?? 0
      let sumR = r
      let sumG = g
      let sumB = b
      const luma = y * width + x
      planes[luma] = luminance(r, g, b)
      at = top + right
      r = data[at] ?? 0
      g = data[at + 1] ?? 0
      b = data[at + 2] ?? 0
      sumR += r
      sumG += g
      sumB += b
      const hasRight = x + 1 < width
      if (hasRight) planes[luma + 1] = luminance(r, g, b)
      at = bottom + left
      r = data[at] ?? 0
      g = data[at + 1] ?? 0
      b = data[at + 2] ?? 0
      sumR += r
      sumG += g
      sumB += b
      if (hasBottom) planes[luma + width] = luminance(r, g, b)
      at = bottom + right
      r = data[at] ?? 0
      g = data[at + 1] ?? 0
      b = data[at + 2] ?? 0
      sumR += r
      sumG += g
      sumB += b
      if (hasRight && hasBottom) planes[luma + width + 1] = luminance(r, g, b)
      // 2^18: four pixels at 2^16. The offset is 128, and a half to round.
      const chroma = (y >> 1) * half + (x >> 1)
      planes[cbAt + chroma] = (CB_R * sumR + CB_G * sumG + CB_B * sumB + 33_685_504) >> 18
      planes[crAt + chroma] = (CR_R * sumR + CR_G * sumG + CR_B * sumB + 33_685_504) >> 18
    }
  }
}

/** 16 to 235; 16 and a half to round are added. */
const luminance = (r: number, g: number, b: number): number => (Y_R * r + Y_G * g + Y_B * b + 1_081_344) >> 16
