/**
 * High dynamic range to what every screen and the swap itself work in: BT.709 primaries, sRGB transfer, 8 bits.
 *
 * Code values → linear light of a 1000 cd/m² display: the PQ EOTF, or the HLG inverse OETF and OOTF with γ = 1.2
 * (ITU-R BT.2100-2, tables 4 and 5) → BT.2020 to BT.709 primaries (ITU-R BT.2087-0 §4, inverse; what lies outside is
 * clipped) → EETF of ITU-R BT.2390-11 §5.4 from 1000 to 203 cd/m², the diffuse white of BT.2408, on the largest of the
 * three components, which scales all of them, so hues stay → sRGB, as browsers show BT.709.
 */

export type Transfer = 'PQ' | 'HLG'

/** What the source was made for, and what becomes the brightest white; cd/m². */
export const SOURCE_PEAK = 1000
export const TARGET_PEAK = 203

// SMPTE ST 2084
const M1 = 2610 / 16384
const M2 = (2523 / 4096) * 128
const C1 = 3424 / 4096
const C2 = (2413 / 4096) * 32
const C3 = (2392 / 4096) * 32

/** cd/m² of a PQ signal in 0..1. */
export function pqToLight(signal: number): number {
  const power = signal ** (1 / M2)
  return 10000 * (Math.max(power - C1, 0) / (C2 - C3 * power)) ** (1 / M1)
}

export function lightToPq(light: number): number {
  const power = (light / 10000) ** M1
  return ((C1 + C2 * power) / (1 + C3 * power)) ** M2
}

/** Scene light in 0..1 of an HLG signal in 0..1. */
export function hlgToScene(signal: number): number {
  const [a, b, c] = [0.17883277, 0.28466892, 0.55991073]
  return signal <= 0.5 ? signal ** 2 / 3 : (Math.exp((signal - c) / a) + b) / 12
}

/** BT.2390 §5.4: identity up to the knee, then a Hermite spline to the target's peak. Light in, light out; cd/m². */
export function eetf(light: number): number {
  const peak = lightToPq(SOURCE_PEAK)
  const most = lightToPq(TARGET_PEAK) / peak
  const knee = 1.5 * most - 0.5
  const signal = Math.min(lightToPq(light) / peak, 1)
  if (signal < knee) return light
  const t = (signal - knee) / (1 - knee)
  const bent =
    (2 * t ** 3 - 3 * t ** 2 + 1) * knee +
    (t ** 3 - 2 * t ** 2 + t) * (1 - knee) +
    (-2 * t ** 3 + 3 * t ** 2) * most
  return pqToLight(bent * peak)
}

export const toSrgb = (linear: number): number =>
  linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055

/** Luma weights of BT.2020. */
const RED = 0.2627
const BLUE = 0.0593
const GREEN = 1 - RED - BLUE
const HLG_GAMMA = 1.2

const SIGNALS = 4096 // steps of a signal in 0..1
const LIGHTS = 8192 // steps of the square root of light
const BRIGHTEST = 1.7 * SOURCE_PEAK // of one component: colours outside of BT.709 have that
const SHADES = 8192 // steps of the square root of linear output

/** Y'CbCr with 4:2:0 or finer chroma, 8 to 16 bits per sample in 8- or 16-bit words. */
export interface HdrPlanes {
  readonly width: number
  readonly height: number
  readonly bits: number
  readonly isFullRange: boolean
  readonly luma: Uint8Array | Uint16Array
  readonly blue: Uint8Array | Uint16Array
  readonly red: Uint8Array | Uint16Array
  /** How many columns and rows share one chroma sample, as powers of two. */
  readonly shiftX: 0 | 1
  readonly shiftY: 0 | 1
}

/** Tone-maps pictures of one transfer, by tables: about 50 ms for 1920×1080 (Node 20, one core of two). */
export class ToneMap {
  readonly #isHlg: boolean
  /** Light in units of the target's peak, by signal; scene light for HLG. */
  readonly #light = new Float32Array(SIGNALS)
  /** By the square root of scene luminance: what HLG's OOTF multiplies with. */
  readonly #ootf = new Float32Array(SIGNALS)
  /** By the square root of light: what it is multiplied with. */
  readonly #dim = new Float32Array(LIGHTS)
  readonly #shade = new Uint8Array(SHADES)

  constructor(transfer: Transfer) {
    this.#isHlg = transfer === 'HLG'
    for (let i = 0; i < SIGNALS; i++) {
      const signal = i / (SIGNALS - 1)
      this.#light[i] = this.#isHlg
        ? hlgToScene(signal)
        : Math.min(pqToLight(signal), SOURCE_PEAK) / TARGET_PEAK
      this.#ootf[i] = (SOURCE_PEAK / TARGET_PEAK) * signal ** (2 * (HLG_GAMMA - 1))
    }
    for (let i = 0; i < LIGHTS; i++) {
      const light = Math.max(i / (LIGHTS - 1), 1e-4) ** 2 * BRIGHTEST
      this.#dim[i] = eetf(light) / light
    }
    for (let i = 0; i < SHADES; i++) this.#shade[i] = Math.round(255 * toSrgb((i / (SHADES - 1)) ** 2))
  }

  /** Into RGBX, width × height × 4 bytes; the fourth is 255. Indices are in range by construction. */
  run(from: HdrPlanes, to: Uint8Array): void {
    const { width, height, bits, isFullRange, luma, blue, red, shiftX, shiftY } = from
    const top = 2 ** bits - 1
    const unit = 2 ** (bits - 8)
    const scale = isFullRange ? 1 / top : 1 / (219 * unit)
    const black = isFullRange ? 0 : 16 * unit
    const chromaScale = isFullRange ? 1 / top : 1 / (224 * unit)
    const grey = 128 * unit
    const chromaWidth = (width + shiftX) >> shiftX
    const [light, ootf, dim, shade] = [this.#light, this.#ootf, this.#dim, this.#shade]
    const last = SIGNALS - 1
    const rootScale = Math.sqrt(TARGET_PEAK / BRIGHTEST) * (LIGHTS - 1)
    for (let y = 0, pixel = 0; y < height; y++) {
      const chromaRow = (y >> shiftY) * chromaWidth
      for (let x = 0; x < width; x++, pixel++) {
        const chroma = chromaRow + (x >> shiftX)
        const signal = ((luma[pixel] as number) - black) * scale
        const cb = ((blue[chroma] as number) - grey) * chromaScale
        const cr = ((red[chroma] as number) - grey) * chromaScale
        let r = light[toIndex(signal + 2 * (1 - RED) * cr, last)] as number
        let g = light[
          toIndex(
            signal - ((2 * BLUE * (1 - BLUE)) / GREEN) * cb - ((2 * RED * (1 - RED)) / GREEN) * cr,
            last,
          )
        ] as number
        let b = light[toIndex(signal + 2 * (1 - BLUE) * cb, last)] as number
        if (this.#isHlg) {
          const luminance = RED * r + GREEN * g + BLUE * b
          const gain = ootf[toIndex(Math.sqrt(luminance), last)] as number
          r *= gain
          g *= gain
          b *= gain
        }
        const r709 = Math.max(0, 1.660491 * r - 0.587641 * g - 0.07285 * b)
        const g709 = Math.max(0, -0.12455 * r + 1.1329 * g - 0.00835 * b)
        const b709 = Math.max(0, -0.018151 * r - 0.100579 * g + 1.11873 * b)
        const most = Math.max(r709, g709, b709)
        const factor = dim[toStep(Math.sqrt(most) * rootScale, LIGHTS - 1)] as number
        const at = 4 * pixel
        to[at] = shade[toStep(Math.sqrt(r709 * factor) * (SHADES - 1), SHADES - 1)] as number
        to[at + 1] = shade[toStep(Math.sqrt(g709 * factor) * (SHADES - 1), SHADES - 1)] as number
        to[at + 2] = shade[toStep(Math.sqrt(b709 * factor) * (SHADES - 1), SHADES - 1)] as number
        to[at + 3] = 255
      }
    }
  }
}

const toIndex = (signal: number, last: number): number => toStep(signal * last, last)

function toStep(value: number, last: number): number {
  if (value <= 0) return 0
  return value >= last ? last : (value + 0.5) | 0
}
