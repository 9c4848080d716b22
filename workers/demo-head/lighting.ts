import { smoothstep } from './noise'

/**
 * Studio light as a table over the directions a surface can face, seen from the camera: what to multiply the surface's
 * colour by, and how bright its gloss is. Multiplying stored sRGB values by a factor stored to the same power is the same
 * as multiplying light, so the table holds factors to the power of 1/2.2.
 * Indices below are in range by construction.
 */
export const LIGHT_SIZE = 128

/** LIGHT_SIZE² × (red, green, blue factor, gloss 0..255); row by the normal's y (down), column by its x (right). */
export type LightTable = Float32Array

type Vector = readonly [x: number, y: number, z: number]

interface Light {
  readonly towards: Vector
  readonly colour: Vector
  /** How far light wraps around a surface's edge: large for large lamps, and red reaches furthest through skin. */
  readonly wrap: Vector
}

const unit = ([x, y, z]: Vector): Vector => {
  const length = Math.hypot(x, y, z)
  return [x / length, y / length, z / length]
}

const KEY: Light = {
  towards: unit([-0.55, 0.62, 0.62]),
  colour: [1.06, 0.985, 0.89],
  wrap: [0.42, 0.26, 0.2],
}
const FILL: Light = { towards: unit([0.75, 0.05, 0.65]), colour: [0.2, 0.235, 0.28], wrap: [0.5, 0.45, 0.45] }
const RIM: Light = { towards: unit([0.86, 0.42, -0.42]), colour: [0.85, 0.83, 0.8], wrap: [0.12, 0.05, 0.03] }
const KICK: Light = { towards: unit([-0.9, 0.1, -0.5]), colour: [0.22, 0.28, 0.36], wrap: [0.1, 0.05, 0.05] }
const SKY: Vector = [0.265, 0.28, 0.31]
const FLOOR: Vector = [0.15, 0.105, 0.085]

/** Light on a matt surface facing (nx, ny, nz), y down, in three channels; linear. */
function lightOn(nx: number, ny: number, nz: number, channel: 0 | 1 | 2): number {
  const up = -ny * 0.5 + 0.5
  let sum = FLOOR[channel] + (SKY[channel] - FLOOR[channel]) * up
  for (const { towards, colour, wrap } of [KEY, FILL, RIM, KICK]) {
    const facing = nx * towards[0] - ny * towards[1] + nz * towards[2]
    const lit = Math.max(0, (facing + wrap[channel]) / (1 + wrap[channel]))
    sum += colour[channel] * lit * Math.sqrt(lit)
  }
  return sum
}

function glossOn(nx: number, ny: number, nz: number): number {
  let sum = 0
  for (const [{ towards }, strength] of [
    [KEY, 1],
    [FILL, 0.25],
    [RIM, 0.6],
  ] as const) {
    const half = unit([towards[0], towards[1], towards[2] + 1])
    const facing = Math.max(0, nx * half[0] - ny * half[1] + nz * half[2])
    sum += strength * (0.3 * facing ** 9 + 0.7 * facing ** 34)
  }
  const grazing = (1 - Math.max(0, nz)) ** 4
  return 255 * (sum * (0.55 + 0.9 * grazing) + 0.1 * grazing * smoothstep(0.3, -0.6, ny))
}

export function lightTable(): LightTable {
  const table = new Float32Array(4 * LIGHT_SIZE * LIGHT_SIZE)
  for (let row = 0; row < LIGHT_SIZE; row++) {
    for (let column = 0; column < LIGHT_SIZE; column++) {
      let nx = ((column + 0.5) / LIGHT_SIZE) * 2 - 1
      let ny = ((row + 0.5) / LIGHT_SIZE) * 2 - 1
      const flat = Math.hypot(nx, ny)
      if (flat > 1) {
        nx /= flat
        ny /= flat
      }
      const nz = Math.sqrt(Math.max(0, 1 - nx * nx - ny * ny))
      const at = 4 * (row * LIGHT_SIZE + column)
      for (const channel of [0, 1, 2] as const) {
        table[at + channel] = Math.min(1.35, lightOn(nx, ny, nz, channel) ** (1 / 2.2))
      }
      table[at + 3] = glossOn(nx, ny, nz)
    }
  }
  return table
}

/** Where in the table a surface facing (nx, ny), y down, finds its light. */
export function lightIndex(nx: number, ny: number): number {
  const column = nx < -1 ? 0 : nx >= 0.999 ? LIGHT_SIZE - 1 : ((nx + 1) * (LIGHT_SIZE / 2)) | 0
  const row = ny < -1 ? 0 : ny >= 0.999 ? LIGHT_SIZE - 1 : ((ny + 1) * (LIGHT_SIZE / 2)) | 0
  return 4 * (row * LIGHT_SIZE + column)
}
