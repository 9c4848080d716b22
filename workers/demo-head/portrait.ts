import type { CanonicalFace } from '../../models/canonical-face'
import { createPixels, type Pixels } from '../../models/pixels'
import type { HeadCharacter } from './character'
import { AT_REST } from './motion'
import { createHeadRenderer } from './render-head'

/** A character facing the camera, as a square picture of `size` px; drawn twice as large and averaged down. */
export function renderPortrait(canonical: CanonicalFace, character: HeadCharacter, size: number): Pixels {
  const settings = { width: 2 * size, height: 2 * size, texture: 768, tight: 1.2, fullness: 2.4 }
  const { pixels } = createHeadRenderer(canonical, character, settings).render(AT_REST)
  return halve(pixels)
}

function halve({ width, height, data }: Pixels): Pixels {
  const half = createPixels(width >> 1, height >> 1)
  // Indices are in range by construction.
  for (let y = 0; y < half.height; y++) {
    for (let x = 0; x < half.width; x++) {
      const from = 4 * (2 * y * width + 2 * x)
      const below = from + 4 * width
      const to = 4 * (y * half.width + x)
      for (let k = 0; k < 4; k++) {
        half.data[to + k] =
          ((data[from + k] as number) +
            (data[from + 4 + k] as number) +
            (data[below + k] as number) +
            (data[below + 4 + k] as number)) /
          4
      }
    }
  }
  return half
}
