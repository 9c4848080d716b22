/** Whether a face may be one that was seen a moment ago, by nothing but its colour. */
import type { Pixels } from '../../models/pixels'

/** Mean R, G, B of the middle of a face, 0..255. */
export type FaceColour = readonly [red: number, green: number, blue: number]

/** There is skin in this share of each side of a crop, however the head is turned. */
const MIDDLE = 0.34
/** Colours further apart are of two people; one dancer's in changing light were up to 28 apart within two seconds. */
const DIFFERENT = 45

export const mayBeSame = (a: FaceColour, b: FaceColour): boolean =>
  Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) < DIFFERENT

/** Of the mesh network's crop. */
export function colourOf({ width, height, data }: Pixels): FaceColour {
  const colour: [number, number, number] = [0, 0, 0]
  const [left, right] = [Math.floor((width * (1 - MIDDLE)) / 2), Math.ceil((width * (1 + MIDDLE)) / 2)]
  const [top, bottom] = [Math.floor((height * (1 - MIDDLE)) / 2), Math.ceil((height * (1 + MIDDLE)) / 2)]
  const count = (right - left) * (bottom - top)
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = 4 * (y * width + x)
      for (const c of [0, 1, 2] as const) colour[c] += (data[at + c] ?? 0) / count
    }
  }
  return colour
}
