import type { HeadCharacter } from './character'
import { capGroom, type Groom, headRadius, knotGroom, longGroom } from './groom'
import { type LightTable, lightIndex } from './lighting'
import { type TileTexture, tileMaterial } from './materials'
import { mix, noise, smoothstep } from './noise'
import { findNormals } from './normals'
import { type Material, type Sides, STRIDE, type Target } from './raster'
import { growStrands, POINTS, type Strands } from './strands'
import { drawStroke, type StrokeEnd } from './strokes'
import { project } from './surface'
import { CAMERA_CM, type Lens, type Placement } from './view'

/** A character's hair: sheets that give it body, strands that give it life. Indices below are in range by construction. */
export interface Hair {
  readonly sheets: readonly {
    readonly vertices: Float32Array
    readonly triangles: Uint16Array
    readonly sides: Sides
  }[]
  readonly material: Material
  pose(head: Placement, lens: Lens): void
  /** Over the finished picture of everything else. */
  drawStrands(target: Target): void
}

/** Half-way between the key light and the camera, where a strand's highlight comes from. */
const HALF = [-0.3, 0.34, 0.89] as const

/** `fullness`: how many strands, 1 for a live picture. */
export function createHair(
  character: HeadCharacter,
  rest: Float32Array,
  triangles: Uint16Array,
  light: LightTable,
  fullness: number,
): Hair {
  const radius = headRadius(rest, triangles)
  const { style } = character.hair
  const grooms: { groom: Groom; strands: Strands }[] = []
  const add = (groom: Groom, sheet: 'cap' | 'long' | 'knot', count: number): void => {
    grooms.push({
      groom,
      strands: growStrands(groom, character, sheet, Math.round(count * fullness), grooms.length),
    })
  }
  if (style === 'long') {
    add(longGroom(character, radius, -1), 'long', 420)
    add(longGroom(character, radius, 1), 'long', 420)
  } else {
    add(capGroom(character, radius), 'cap', style === 'topknot' ? 620 : 1100)
    if (style === 'topknot') add(knotGroom(radius), 'knot', 170)
  }
  const sheets = grooms.map(({ groom }) => sheetOf(groom, character))
  const posed = grooms.map(({ strands }) => poseStrands(strands, character, light))
  return {
    sheets,
    material: tileMaterial(hairTile(character)),
    pose(head, lens) {
      for (const sheet of sheets) sheet.pose(head, lens, light, character)
      for (const set of posed) set.pose(head, lens)
    },
    drawStrands(target) {
      for (const set of posed) set.draw(target)
    },
  }
}

/** A point that hangs stays upright and moves with the shoulders; the rest turns with the head. */
function follow(rest: Float32Array, i: number, hang: number, { r, t }: Placement, out: Float32Array): void {
  const [x, y, z] = [rest[i] as number, rest[i + 1] as number, rest[i + 2] as number]
  const keep = 1 - hang
  out[i] = (r[0] * x + r[1] * y + r[2] * z + t[0]) * keep + (x + t[0] * 0.45) * hang
  out[i + 1] = (r[3] * x + r[4] * y + r[5] * z + t[1]) * keep + (y + t[1] * 0.45) * hang
  out[i + 2] = (r[6] * x + r[7] * y + r[8] * z + t[2]) * keep + (z + t[2] * 0.45) * hang
}

function sheetOf(groom: Groom, { hair }: HeadCharacter) {
  const { columns, rows, base, out, thickness, hang } = groom
  const count = columns * rows
  const rest = new Float32Array(3 * count)
  const view = new Float32Array(3 * count)
  const normals = new Float32Array(3 * count)
  const vertices = new Float32Array(count * STRIDE)
  const triangles: number[] = []
  const texture = 256
  for (let c = 0; c < columns; c++) {
    for (let r = 0; r < rows; r++) {
      const v = c * rows + r
      for (let axis = 0; axis < 3; axis++) {
        rest[3 * v + axis] =
          (base[3 * v + axis] as number) + (out[3 * v + axis] as number) * (thickness[v] as number) * 0.76
      }
      vertices[v * STRIDE + 3] = (c / (columns - 1)) * texture * (hair.style === 'long' ? 2 : 4)
      vertices[v * STRIDE + 4] = (r / (rows - 1)) * texture
      if (c + 1 < columns && r + 1 < rows) triangles.push(v, v + rows, v + 1, v + 1, v + rows, v + rows + 1)
    }
  }
  const sides: Sides = hair.style === 'long' ? 'both' : 'front'
  return {
    vertices,
    triangles: Uint16Array.from(triangles),
    sides,
    pose(head: Placement, lens: Lens, light: LightTable, { hair: { shine } }: HeadCharacter): void {
      for (let v = 0; v < count; v++) {
        follow(rest, 3 * v, hang[v % rows] as number, head, view)
        project(view, 3 * v, lens, vertices, v * STRIDE)
      }
      findNormals(view, triangles, normals)
      for (let v = 0; v < count; v++) {
        const i = 3 * v
        // Normals look outwards whichever way the grid runs.
        const ox =
          head.r[0] * (out[i] as number) +
          head.r[1] * (out[i + 1] as number) +
          head.r[2] * (out[i + 2] as number)
        const oy =
          head.r[3] * (out[i] as number) +
          head.r[4] * (out[i + 1] as number) +
          head.r[5] * (out[i + 2] as number)
        const oz =
          head.r[6] * (out[i] as number) +
          head.r[7] * (out[i + 1] as number) +
          head.r[8] * (out[i + 2] as number)
        const [nx, ny, nz] = [normals[i] as number, normals[i + 1] as number, normals[i + 2] as number]
        const flip = nx * ox + ny * oy + nz * oz < 0 ? -1 : 1
        const lit = lightIndex(flip * nx * 0.6 + ox * 0.4, -(flip * ny * 0.6 + oy * 0.4))
        const next = v % rows < rows - 1 ? i + 3 : i
        const back = next === i ? i - 3 : i
        const sheen = highlight(
          (view[next] as number) - (view[back] as number),
          (view[next + 1] as number) - (view[back + 1] as number),
          (view[next + 2] as number) - (view[back + 2] as number),
        )
        const low = mix(0.72, 0.5, smoothstep(0, 1, hang[v % rows] as number))
        for (let k = 0; k < 3; k++) vertices[v * STRIDE + 5 + k] = (light[lit + k] as number) * low * 1.15
        vertices[v * STRIDE + 8] = sheen * shine * 90 * smoothstep(-0.2, 0.5, oz)
      }
    },
  }
}

/** Brightness of the highlight on a hair that runs along (x, y, z) (Kajiya and Kay: a strand is a thin cylinder). */
function highlight(x: number, y: number, z: number): number {
  const length = Math.sqrt(x * x + y * y + z * z) || 1
  const along = (x * HALF[0] + y * HALF[1] + z * HALF[2]) / length
  const across = Math.max(0, 1 - along * along)
  const across4 = across * across * across * across
  const across16 = across4 * across4 * across4 * across4
  return across16 * across16 * 0.7 + across4 * across4 * 0.22
}

function poseStrands(strands: Strands, { hair }: HeadCharacter, light: LightTable) {
  const { count, points, facing, hang, open, cover, tone, width } = strands
  const total = count * POINTS
  const view = new Float32Array(3 * total)
  const drawn = new Float32Array(total * 7) // x, y, z, r, g, b, px per cm
  const hidden = new Uint8Array(count) // at the back of the head
  const ends: [StrokeEnd, StrokeEnd] = [blankEnd(), blankEnd()]
  return {
    pose(head: Placement, lens: Lens): void {
      const { r } = head
      for (let p = 0; p < total; p++) {
        follow(points, 3 * p, hang[p] as number, head, view)
        project(view, 3 * p, lens, drawn, 7 * p)
        drawn[7 * p + 6] = lens.focal / CAMERA_CM
      }
      for (let p = 0; p < total; p++) {
        const i = 3 * p
        const tip = p % POINTS === POINTS - 1
        const [from, to] = tip ? [i - 3, i] : [i, i + 3]
        const [fx, fy, fz] = [facing[i] as number, facing[i + 1] as number, facing[i + 2] as number]
        const nx = r[0] * fx + r[1] * fy + r[2] * fz
        const ny = r[3] * fx + r[4] * fy + r[5] * fz
        const lit = lightIndex(nx * 0.9, -ny * 0.9)
        if (p % POINTS === POINTS >> 1)
          hidden[(p / POINTS) | 0] = r[6] * fx + r[7] * fy + r[8] * fz < -0.35 ? 1 : 0
        const sheen =
          highlight(
            (view[to] as number) - (view[from] as number),
            (view[to + 1] as number) - (view[from + 1] as number),
            (view[to + 2] as number) - (view[from + 2] as number),
          ) *
          hair.shine *
          mix(0.25, 1, Math.min(1, light[lit] as number))
        const shade = (open[p] as number) * (tone[(p / POINTS) | 0] as number)
        for (let k = 0; k < 3; k++) {
          const own = hair.colour[k] as number
          drawn[7 * p + 3 + k] = Math.min(
            255,
            own * shade * (light[lit + k] as number) * 1.12 + sheen * (own * 0.6 + 34) * shade,
          )
        }
      }
    },
    draw(target: Target): void {
      for (let i = 0; i < count; i++) {
        if (hidden[i]) continue
        for (let k = 0; k < POINTS - 1; k++) {
          const p = i * POINTS + k
          fill(ends[0], drawn, p, cover[p] as number, width[i] as number)
          fill(ends[1], drawn, p + 1, cover[p + 1] as number, width[i] as number)
          drawStroke(target, ends[0], ends[1])
        }
      }
    },
  }
}

const blankEnd = (): StrokeEnd => ({ x: 0, y: 0, z: 0, r: 0, g: 0, b: 0, cover: 0, width: 0 })

function fill(end: StrokeEnd, drawn: Float32Array, p: number, cover: number, width: number): void {
  const at = 7 * p
  const px = width * (drawn[at + 6] as number)
  end.x = drawn[at] as number
  end.y = drawn[at + 1] as number
  end.z = drawn[at + 2] as number
  end.r = drawn[at + 3] as number
  end.g = drawn[at + 4] as number
  end.b = drawn[at + 5] as number
  // What is thinner than a pixel covers less of it instead.
  end.width = Math.max(0.9, px)
  end.cover = cover * Math.min(1, 0.35 + 0.65 * (px / 0.9))
}

/** Streaks along the hair, ragged where it begins (above in the texture: the hairline of a cap, the roots of long hair). */
function hairTile({ hair, seed }: HeadCharacter): TileTexture {
  const size = 256
  const colour = new Uint32Array(size * size)
  const [red, green, blue] = hair.colour
  const long = hair.style === 'long'
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const v = y / size
      // Streaks that repeat sideways: noise on a circle.
      const angle = (x / size) * 2 * Math.PI
      const [cx, cy] = [Math.cos(angle), Math.sin(angle)]
      const streak = (scale: number, along: number, salt: number): number =>
        noise(cx * scale + 50, cy * scale + v * along + 50, seed + salt)
      const light =
        0.82 + 0.16 * streak(6, 1.2, 400) + 0.2 * streak(20, 0.7, 401) + 0.12 * streak(38, 0.5, 402)
      const ragged = 0.5 + 0.5 * streak(38, 0, 403) + 0.3 * streak(14, 0, 404)
      const begins = long ? 1 : smoothstep(0, 0.13, v - 0.07 * ragged + 0.02)
      const ends = long ? smoothstep(1, 0.93, v + 0.1 * ragged) : 1
      const cover = Math.round(255 * begins * ends)
      const [r, g, b] = [red * light, green * light, blue * light]
      colour[y * size + x] =
        ((cover << 24) | (Math.min(255, b) << 16) | (Math.min(255, g) << 8) | Math.min(255, r)) >>> 0
    }
  }
  return { size, colour }
}
