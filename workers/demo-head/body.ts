import type { HeadCharacter } from './character'
import { type LightTable, lightIndex } from './lighting'
import { type TileTexture, tileMaterial } from './materials'
import { gauss, mix, noise, smoothstep } from './noise'
import { type Material, STRIDE } from './raster'
import { spline } from './spline'
import { project } from './surface'
import type { Lens, Placement } from './view'

/** Neck, shoulders and a knitted jumper. Indices below are in range by construction. */
export interface Body {
  readonly parts: readonly {
    readonly vertices: Float32Array
    readonly triangles: Uint16Array
    readonly material: Material
  }[]
  /** `head`: where the head is; the neck's upper end follows it, the shoulders only a little. */
  pose(head: Placement, lens: Lens): void
}

/** Rings from inside the head down: height, half-width, half-depth, depth of the middle, drop in front, all cm. */
const TRUNK: readonly (readonly [y: number, rx: number, rz: number, cz: number, drop: number])[] = [
  [-3.5, 5.3, 5.4, -5.4, 0],
  [-6.5, 5.2, 5.3, -5.4, 0.1],
  [-8.5, 5.1, 5.2, -5.5, 0.3],
  [-10.2, 5.15, 5.2, -5.7, 0.7],
  [-11.8, 5.4, 5.3, -5.9, 1.2],
  [-13.1, 6.1, 5.5, -6.0, 1.8],
  [-14.3, 7.8, 6.0, -6.0, 2.3],
  [-15.4, 10.8, 6.8, -5.9, 2.4],
  [-16.6, 14.6, 7.6, -5.8, 2.1],
  [-18.2, 18.2, 8.5, -5.7, 1.5],
  [-20.4, 20.6, 9.4, -5.6, 0.8],
  [-24, 22, 10.2, -5.5, 0.3],
  [-32, 22.4, 10.6, -5.4, 0],
]
const COLUMNS = 40

interface Ring {
  /** Place along TRUNK, and how far outside it, cm. */
  readonly at: number
  readonly out: number
}
const NECK: readonly Ring[] = [0, 0.8, 1.4, 2, 2.6, 3.2, 3.8, 4.4, 5, 5.6, 6.2, 7].map((at) => ({
  at,
  out: 0,
}))
const JUMPER: readonly Ring[] = [
  { at: 4.75, out: -0.1 },
  { at: 4.62, out: 0.22 },
  { at: 4.66, out: 0.5 },
  { at: 4.85, out: 0.66 },
  { at: 5.2, out: 0.68 },
  { at: 5.5, out: 0.6 },
  { at: 5.62, out: 0.42 },
  ...[6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5, 10, 11, 12].map((at) => ({ at, out: 0.42 })),
]

export function createBody(character: HeadCharacter, light: LightTable): Body {
  const slender = character.hair.style === 'long' || character.hair.style === 'topknot'
  const neckWidth = slender ? 0.86 : 1
  const shoulders = slender ? 0.86 : 1

  /** Half-width and so on at a place along the trunk, angle 0 in front. Writes x, y, z. */
  function trunkPoint({ at, out }: Ring, angle: number, to: Float32Array, index: number): void {
    const [y, rx, rz, cz, drop] = spline(TRUNK, at) as [number, number, number, number, number]
    const thin = mix(neckWidth, shoulders, smoothstep(5, 8, at))
    const [s, c] = [Math.sin(angle), Math.cos(angle)]
    // The two cords from behind the ears to the pit of the throat, and the larynx.
    const cord = mix(1.25, 0.2, smoothstep(1.4, 5.6, at))
    let bulge =
      0.34 * gauss((Math.abs(angle) - cord) / 0.17) * smoothstep(0.8, 2.4, at) * smoothstep(6.6, 5.4, at)
    bulge += (slender ? 0.1 : 0.4) * gauss(angle / 0.13) * gauss((at - 3.2) / 0.5)
    bulge +=
      0.35 *
      gauss((at - 6.1) / 0.35) *
      smoothstep(0.25, 0.6, Math.abs(angle)) *
      smoothstep(1.5, 1, Math.abs(angle))
    bulge -= 0.5 * gauss(angle / 0.16) * gauss((at - 5.9) / 0.5)
    to[index] = s * (rx * thin + out + bulge)
    to[index + 1] = y - drop * c + (out > 0 ? 0.1 * out : 0)
    to[index + 2] = cz + c * (rz * mix(thin, 1, 0.5) + out + bulge)
  }

  const part = (rings: readonly Ring[], texture: TileTexture, across: number, down: number) => {
    const count = rings.length * (COLUMNS + 1)
    const rest = new Float32Array(3 * count)
    const triangles: number[] = []
    const vertices = new Float32Array(count * STRIDE)
    rings.forEach((ring, r) => {
      for (let k = 0; k <= COLUMNS; k++) {
        const v = r * (COLUMNS + 1) + k
        trunkPoint(ring, ((k / COLUMNS) * 2 - 1) * Math.PI, rest, 3 * v)
        vertices[v * STRIDE + 3] = (k / COLUMNS) * across * texture.size
        vertices[v * STRIDE + 4] = (r / (rings.length - 1)) * down * texture.size
        if (r + 1 < rings.length && k < COLUMNS) {
          const below = v + COLUMNS + 1
          triangles.push(v, below, v + 1, v + 1, below, below + 1)
        }
      }
    })
    return {
      rings,
      rest,
      vertices,
      material: tileMaterial(texture),
      triangles: Uint16Array.from(triangles),
      view: new Float32Array(3 * count),
    }
  }
  const parts = [part(NECK, skinTile(character), 3, 1), part(JUMPER, knitTile(character), 7, 1)]

  return {
    parts,
    pose(head, lens) {
      for (const { rings, rest, view, vertices } of parts) {
        const count = rest.length / 3
        for (let v = 0; v < count; v++) {
          const i = 3 * v
          const [x, y, z] = [rest[i] as number, rest[i + 1] as number, rest[i + 2] as number]
          const ring = rings[Math.floor(v / (COLUMNS + 1))] as Ring
          const follow = smoothstep(6, 0.5, ring.at)
          const { r, t } = head
          const sway = 0.35
          view[i] = mix(x + t[0] * sway, r[0] * x + r[1] * y + r[2] * z + t[0], follow)
          view[i + 1] = mix(y + t[1] * sway, r[3] * x + r[4] * y + r[5] * z + t[1], follow)
          view[i + 2] = mix(z + t[2] * sway, r[6] * x + r[7] * y + r[8] * z + t[2], follow)
        }
        lightGrid(view, rings, vertices, light, rings[0]?.at === 0)
        for (let v = 0; v < count; v++) project(view, 3 * v, lens, vertices, v * STRIDE)
      }
    },
  }
}

function lightGrid(
  view: Float32Array,
  rings: readonly Ring[],
  vertices: Float32Array,
  light: LightTable,
  isSkin: boolean,
): void {
  const wide = COLUMNS + 1
  for (let r = 0; r < rings.length; r++) {
    for (let k = 0; k < wide; k++) {
      const v = r * wide + k
      const left = 3 * (r * wide + (k === 0 ? COLUMNS - 1 : k - 1))
      const right = 3 * (r * wide + (k === COLUMNS ? 1 : k + 1))
      const up = 3 * (Math.max(0, r - 1) * wide + k)
      const down = 3 * (Math.min(rings.length - 1, r + 1) * wide + k)
      const ax = (view[right] as number) - (view[left] as number)
      const ay = (view[right + 1] as number) - (view[left + 1] as number)
      const az = (view[right + 2] as number) - (view[left + 2] as number)
      const bx = (view[up] as number) - (view[down] as number)
      const by = (view[up + 1] as number) - (view[down + 1] as number)
      const bz = (view[up + 2] as number) - (view[down + 2] as number)
      const nx = ay * bz - az * by
      const ny = az * bx - ax * bz
      const nz = ax * by - ay * bx
      const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1
      const lit = lightIndex(nx / length, -ny / length)
      const facing = Math.cos((k / COLUMNS) * 2 * Math.PI - Math.PI)
      const { at } = rings[r] as Ring
      // The head keeps light off the neck, most of all right under the chin.
      const open = isSkin
        ? mix(0.36, 1, smoothstep(1.5, 5.8 - 0.5 * (1 - facing), at))
        : mix(0.5, 1, smoothstep(4.7, 7.5, at)) * mix(0.8, 1, smoothstep(12, 9, at))
      for (let c = 0; c < 3; c++) vertices[v * STRIDE + 5 + c] = (light[lit + c] as number) * open
      vertices[v * STRIDE + 8] = (light[lit + 3] as number) * open * (isSkin ? 0.35 : 0.04)
    }
  }
}

function tile(size: number, paint: (x: number, y: number) => readonly [number, number, number]): TileTexture {
  const colour = new Uint32Array(size * size)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [r, g, b] = paint(x / size, y / size).map((value) =>
        Math.max(0, Math.min(255, Math.round(value))),
      ) as [number, number, number]
      colour[y * size + x] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0
    }
  }
  return { size, colour }
}

function skinTile({ skin, seed }: HeadCharacter): TileTexture {
  return tile(64, (u, v) => {
    const tone = 0.985 + 0.03 * noise(u * 16, v * 16, seed + 70)
    const flush = 0.1 + 0.06 * noise(u * 4, v * 5, seed + 71)
    return [0, 1, 2].map((i) => mix(skin.tone[i] as number, skin.flush[i] as number, flush) * tone) as [
      number,
      number,
      number,
    ]
  })
}

function knitTile({ clothes, seed }: HeadCharacter): TileTexture {
  return tile(256, (u, v) => {
    const collar = v < 0.36
    const rib = collar ? 0.88 + 0.16 * Math.sin(u * Math.PI * 2 * 14) : 1
    const stitch = Math.sin((u * 26 + 0.16 * Math.sin(v * Math.PI * 2 * 60)) * Math.PI * 2)
    const light = rib * (0.97 + (collar ? 0 : 0.05 * stitch) + 0.06 * noise(u * 64, v * 90, seed + 80))
    return [clothes[0] * light, clothes[1] * light, clothes[2] * light]
  })
}
