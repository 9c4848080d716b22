import type { HeadCharacter } from './character'
import { LEFT_BROW, RIGHT_BROW } from './face-rings'
import type { HeadMesh } from './head-mesh'
import type { SkinTexture } from './materials'
import { gauss, mix, seededRandom, smoothstep } from './noise'
import type { Target } from './raster'
import { drawStroke, type StrokeEnd } from './strokes'

/** Draws a character's brows, hair by hair, into its skin: between the rows of landmarks that mark a brow's edges. */
export function drawBrows(texture: SkinTexture, mesh: HeadMesh, character: HeadCharacter): void {
  const { size, colour } = texture
  const { brows, seed } = character
  const random = seededRandom(seed + 100)
  const target: Target = { width: size, height: size, colour, depth: new Float32Array(size * size).fill(-1) }
  const cm = 0.0396 * size // texels per cm around the brows
  const stroke = (): StrokeEnd => ({ x: 0, y: 0, z: 0, r: 0, g: 0, b: 0, cover: 0, width: 0 })
  const ends: [StrokeEnd, StrokeEnd, StrokeEnd] = [stroke(), stroke(), stroke()]
  const gloss = colour.map((c) => c & 0xff000000)
  for (const [brow, side] of [
    [RIGHT_BROW, -1],
    [LEFT_BROW, 1],
  ] as const) {
    /** A point of the brow: s from the nose (0) to the temple (1), t from the lower edge (0) to the upper one (1). */
    const point = (s: number, t: number, axis: 0 | 1): number => {
      const k = Math.min(3.999, (1 - s) * 4)
      const i = Math.floor(k)
      const row = (vertices: readonly number[]): number => {
        const [here, next] = [vertices[i] as number, vertices[i + 1] as number]
        return mix(mesh.uvs[2 * here + axis] as number, mesh.uvs[2 * next + axis] as number, k - i)
      }
      const arch = axis === 1 ? -brows.arch * gauss((s - 0.68) / 0.22) * 0.04 : 0
      const middle = (row(brow.lower) + row(brow.upper)) / 2
      const across =
        (row(brow.upper) - row(brow.lower)) * brows.thickness * mix(0.92, 0.6, smoothstep(0.5, 1, s))
      return (middle + (t - 0.5) * across + arch) * size
    }
    const hairs = Math.round(260 * (0.6 + 0.4 * brows.thickness))
    for (let i = 0; i < hairs + 60; i++) {
      const soft = i < 60 // a veil of shadow first, then the hairs
      const s = soft ? random() : mix(-0.02, 1, random() ** 0.92)
      const t = 0.5 + (random() + random() - 1) * 0.62
      const x = point(s, t, 0)
      const y = point(s, t, 1)
      const ahead = Math.min(1.05, s + 0.12)
      let [dx, dy] = [point(ahead, t, 0) - point(s - 0.02, t, 0), point(ahead, t, 1) - point(s - 0.02, t, 1)]
      const flat = Math.hypot(dx, dy) || 1
      // Up at the nose, along the brow further out; both edges lean towards its spine.
      const rise = mix(1.5, 0.1, smoothstep(0, 0.42, s)) + (0.5 - t) * 0.75
      dx = dx / flat + 0.1 * (random() - 0.5)
      dy = dy / flat - rise + 0.2 * (random() - 0.5)
      const length = (cm * mix(0.5, 0.8, random()) * mix(0.7, 1, smoothstep(0, 0.3, s))) / Math.hypot(dx, dy)
      const tone = mix(0.8, 1.25, random())
      const thin = 1 - 0.45 * smoothstep(0.12, -0.02, s) - 0.35 * smoothstep(0.85, 1, s)
      const [root, bend, tip] = ends
      for (const end of ends) {
        end.r = brows.colour[0] * tone
        end.g = brows.colour[1] * tone
        end.b = brows.colour[2] * tone
        end.width = (soft ? 0.3 : 0.055) * cm
        end.cover = (soft ? 0.085 : 0.62) * thin
      }
      root.x = x
      root.y = y
      bend.x = x + dx * length * 0.55
      bend.y = y + dy * length * 0.55
      tip.x = x + dx * length + side * length * 0.12
      tip.y = y + dy * length + length * 0.12 * rise
      tip.width *= 0.5
      tip.cover *= 0.45
      drawStroke(target, root, bend)
      drawStroke(target, bend, tip)
    }
  }
  for (let i = 0; i < colour.length; i++)
    colour[i] = (((colour[i] as number) & 0xffffff) | (gloss[i] as number)) >>> 0
}
