/** What the source's colours are multiplied by at every point, so that its skin sits in the target's light. */
import { labToRgb, rgbToLab } from './lab'
import { ramp } from './matte'
import type { SkinColours } from './skin-colours'
import { POINTS, type Topology } from './topology'

/** Contrast over the face may be raised by this much; lowering it takes away what makes a face. */
const LEAST_CONTRAST = 1
const MOST_CONTRAST = 1.3
/** Beyond this gains show a source's noise, or crush its detail. */
const LEAST_GAIN = 0.35
const MOST_GAIN = 3.5
/** Channels may differ by this factor from their mean: what is neutral in a yellow painting must not turn blue. */
const MOST_TINT = 1.35

const lab = [0, 0, 0]
const rgb = [0, 0, 0]

/**
 * `match` 0..1: the first half of the way moves the complexion as a whole (mean and contrast in Lab), the second half
 * brings in the target's own light, place by place. Where `meeting` (POINTS, 0..1) is 1 the two skins touch and the source's
 * takes on the target's local colour whatever `match` is. Fills `gains`, 468 × RGB.
 */
export function fillGains(
  source: SkinColours,
  target: SkinColours,
  meeting: Float32Array,
  match: number,
  gains: Float32Array,
): void {
  // Indices are in range by construction.
  const whole = Math.min(1, 2 * match)
  const light = Math.max(0, 2 * match - 1)
  const contrast = [0, 1, 2].map((c) => {
    const ratio = (target.deviation[c] as number) / Math.max(0.5, source.deviation[c] as number)
    return Math.min(MOST_CONTRAST, Math.max(LEAST_CONTRAST, ratio))
  })
  for (let i = 0; i < POINTS; i++) {
    rgbToLab(source.colours, 3 * i, lab, 0)
    for (let c = 0; c < 3; c++) {
      const away = (lab[c] as number) - (source.mean[c] as number)
      lab[c] = (target.mean[c] as number) + away * (contrast[c] as number)
    }
    labToRgb(lab, 0, rgb, 0)
    const touching = meeting[i] as number
    const local = touching + (1 - touching) * light
    let level = 0 // mean of the logarithms
    for (let c = 0; c < 3; c++) {
      const from = Math.max(4, source.colours[3 * i + c] as number)
      const matched = whole * Math.log(Math.max(4, rgb[c] as number) / from)
      const own = Math.log(Math.max(4, target.colours[3 * i + c] as number) / from)
      rgb[c] = matched + local * (own - matched)
      level += (rgb[c] as number) / 3
    }
    const lit = Math.min(MOST_GAIN, Math.max(LEAST_GAIN, Math.exp(level)))
    for (let c = 0; c < 3; c++) {
      const tint = Math.exp((rgb[c] as number) - level)
      gains[3 * i + c] = lit * Math.min(MOST_TINT, Math.max(1 / MOST_TINT, tint))
    }
  }
}

/**
 * Where skins touch: at the outline, around eyes and mouth, and where the target's own lips and chin begin (`lips`: their
 * ownness), fading from there. 0..1 per point.
 */
export function meetingOf({ toOutline, toEyes, toMouth }: Topology, lips: Float32Array): Float32Array {
  const near = (distance: number, reach: number) => {
    const t = Math.max(0, 1 - distance / reach)
    return t * t * (3 - 2 * t)
  }
  return Float32Array.from({ length: POINTS }, (_, i) =>
    Math.max(
      near(toOutline[i] as number, 4.5),
      0.3 * near(toEyes[i] as number, 0.8),
      0.2 * near(toMouth[i] as number, 1.2),
      ramp(lips[i] as number, -0.6, 0.4),
    ),
  )
}
