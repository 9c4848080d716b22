import { mix, noise, seededRandom, smoothstep } from './noise'

type Colour = [red: number, green: number, blue: number]

/** Out of focus behind the sitter; places and sizes as shares of the picture's height, x from its right edge. */
const LAMPS = [
  { x: 0.16, y: 0.24, radius: 0.075, light: 0.085 },
  { x: 0.04, y: 0.42, radius: 0.05, light: 0.06 },
  { x: 0.29, y: 0.1, radius: 0.04, light: 0.035 },
]
/** The wall is worked out every so many pixels and filled in between. */
const STEP = 4

/** A quiet studio wall, lit from one side. RGBA words (little endian). Indices below are in range by construction. */
export function paintBackdrop(width: number, height: number): Uint32Array<ArrayBuffer> {
  const columns = Math.ceil(width / STEP) + 1
  const rows = Math.ceil(height / STEP) + 1
  const coarse = new Float32Array(3 * columns * rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      coarse.set(
        wallAt((column * STEP) / width, (row * STEP) / height, width / height),
        3 * (row * columns + column),
      )
    }
  }
  const random = seededRandom(11)
  const grain = new Float32Array(4096).map(() => 1.6 * (random() - 0.5)) // keeps smooth slopes from banding
  const out = new Uint32Array(width * height)
  const colour: Colour = [0, 0, 0]
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / STEP)
    const fy = y / STEP - row
    for (let x = 0; x < width; x++) {
      const column = Math.floor(x / STEP)
      const fx = x / STEP - column
      const at = 3 * (row * columns + column)
      const below = at + 3 * columns
      const speck = grain[(x * 73 + y * 1231) & 4095] as number
      for (let k = 0; k < 3; k++) {
        const top = mix(coarse[at + k] as number, coarse[at + 3 + k] as number, fx)
        const bottom = mix(coarse[below + k] as number, coarse[below + 3 + k] as number, fx)
        colour[k] = Math.max(0, Math.min(255, mix(top, bottom, fy) + speck))
      }
      out[y * width + x] = (0xff000000 | (colour[2] << 16) | (colour[1] << 8) | colour[0]) >>> 0
    }
  }
  return out
}

/** The wall's colour, 0..255, at a share of the picture's width and height. */
function wallAt(u: number, v: number, aspect: number): Colour {
  const pool = Math.exp(-1.7 * (((u - 0.3) * 1.6) ** 2 + ((v - 0.34) * 1.5) ** 2))
  const corner = smoothstep(1.05, 0.35, Math.hypot((u - 0.5) * 1.1, (v - 0.5) * 1.05))
  const uneven = 0.035 * noise(u * 3 * aspect, v * 3, 3) + 0.02 * noise(u * 9 * aspect, v * 9, 4)
  const light = (mix(0.2, 0.5, pool) + uneven) * mix(0.62, 1, corner)
  let warm = 0
  for (const lamp of LAMPS) {
    const from = Math.hypot((1 - u) * aspect - lamp.x, v - lamp.y) / lamp.radius
    warm += lamp.light * (smoothstep(1, 0.8, from) + 0.8 * Math.exp(-((from / 2.6) ** 2)))
  }
  return [
    255 * (light * 0.86 + warm * 1.05),
    255 * (light * 0.95 + warm * 0.78),
    255 * (light * 1.02 + warm * 0.5),
  ]
}
