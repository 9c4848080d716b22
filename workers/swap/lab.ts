/** CIE Lab (D65) of sRGB bytes and back. Three numbers at an offset of an array; L 0..100. */

const LINEAR = Float32Array.from({ length: 256 }, (_, i) =>
  i / 255 <= 0.04045 ? i / 255 / 12.92 : ((i / 255 + 0.055) / 1.055) ** 2.4,
)

/** sRGB 0..255, fractions allowed, to linear 0..1. */
function toLinear(value: number): number {
  // In range by the clamp.
  const clamped = Math.max(0, Math.min(254.999, value))
  const low = LINEAR[Math.floor(clamped)] as number
  return low + ((LINEAR[Math.floor(clamped) + 1] as number) - low) * (clamped % 1)
}

const toByte = (linear: number): number =>
  255 * (linear <= 0.0031308 ? 12.92 * Math.max(0, linear) : 1.055 * Math.min(1, linear) ** (1 / 2.4) - 0.055)

const forward = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : (841 / 108) * t + 4 / 29)
const backward = (t: number): number => (t > 6 / 29 ? t * t * t : (108 / 841) * (t - 4 / 29))

export function rgbToLab(
  rgb: ArrayLike<number>,
  from: number,
  lab: Float32Array | number[],
  to: number,
): void {
  const r = toLinear(rgb[from] as number)
  const g = toLinear(rgb[from + 1] as number)
  const b = toLinear(rgb[from + 2] as number)
  const x = forward((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047)
  const y = forward(0.2126729 * r + 0.7151522 * g + 0.072175 * b)
  const z = forward((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883)
  lab[to] = 116 * y - 16
  lab[to + 1] = 500 * (x - y)
  lab[to + 2] = 200 * (y - z)
}

/** Colours out of sRGB's reach are clamped. */
export function labToRgb(
  lab: ArrayLike<number>,
  from: number,
  rgb: Float32Array | number[],
  to: number,
): void {
  const fy = ((lab[from] as number) + 16) / 116
  const x = 0.95047 * backward(fy + (lab[from + 1] as number) / 500)
  const y = backward(fy)
  const z = 1.08883 * backward(fy - (lab[from + 2] as number) / 200)
  rgb[to] = toByte(3.2404542 * x - 1.5371385 * y - 0.4985314 * z)
  rgb[to + 1] = toByte(-0.969266 * x + 1.8760108 * y + 0.041556 * z)
  rgb[to + 2] = toByte(0.0556434 * x - 0.2040259 * y + 1.0572252 * z)
}
