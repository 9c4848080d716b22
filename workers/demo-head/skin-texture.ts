import type { HeadCharacter, Rgb } from './character'
import { angleAround, hairlineHeight } from './hairline'
import type { SkinTexture } from './materials'
import { fractalNoise, gauss, mix, noise, smoothstep } from './noise'
import {
  blend,
  type Dab,
  darken,
  paintAge,
  paintBeard,
  paintFreckles,
  paintLips,
  paintShade,
} from './skin-details'
import { MAP_FLOATS } from './texture-map'

/** Paints a character's skin over a texture map of `size` px a side. Brows and other strokes come on top. */
export function paintSkin(character: HeadCharacter, map: Float32Array, size: number): SkinTexture {
  const colour = new Uint32Array(size * size)
  const heights = new Float32Array(size * size)
  const relief = new Int8Array(2 * size * size)
  const dab: Dab = { r: 0, g: 0, b: 0, gloss: 0, height: 0 }
  const paint = painter(character)
  for (let i = 0; i < size * size; i++) {
    const at = i * MAP_FLOATS
    const x = map[at] as number
    const known = !Number.isNaN(x)
    if (known) {
      paint(
        dab,
        x,
        map[at + 1] as number,
        map[at + 2] as number,
        map[at + 3] as number,
        map[at + 4] as number,
        map[at + 5] as number,
      )
      heights[i] = dab.height
    } else {
      ;[dab.r, dab.g, dab.b] = character.skin.tone
      dab.gloss = 60
    }
    colour[i] =
      ((clampByte(dab.gloss) << 24) |
        (clampByte(dab.b) << 16) |
        (clampByte(dab.g) << 8) |
        clampByte(dab.r)) >>>
      0
  }
  const scale = 6 * (size / 512)
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x++) {
      const i = y * size + x
      const dx = (heights[i + 1] as number) - (heights[i - 1] as number)
      const dy = (heights[i + size] as number) - (heights[i - size] as number)
      relief[2 * i] = Math.max(-90, Math.min(90, -dx * scale))
      relief[2 * i + 1] = Math.max(-90, Math.min(90, -dy * scale))
    }
  }
  return { size, colour, relief }
}

const clampByte = (value: number): number => Math.max(0, Math.min(255, Math.round(value)))

type Paint = (dab: Dab, x: number, y: number, z: number, lip: number, lid: number, bag: number) => void

function painter(character: HeadCharacter): Paint {
  const { skin, seed, lips, hair } = character
  const depth = 1 - (skin.tone[0] + skin.tone[1] + skin.tone[2]) / 765 // how dark the skin is
  const shade: Rgb = [skin.tone[0] * 0.5, skin.tone[1] * 0.34, skin.tone[2] * 0.32]
  const root: Rgb = [hair.colour[0] * 0.75, hair.colour[1] * 0.75, hair.colour[2] * 0.75]
  const lipDark: Rgb = [lips[0] * 0.52, lips[1] * 0.42, lips[2] * 0.42]
  const under: Rgb = [skin.tone[0] * 0.8, skin.tone[1] * 0.7, skin.tone[2] * 0.76]
  const whiskers: Rgb = [
    mix(hair.colour[0], 60, 0.25),
    mix(hair.colour[1], 58, 0.25),
    mix(hair.colour[2], 60, 0.25),
  ]
  return (dab, x, y, z, lip, lid, bag) => {
    const from = Math.abs(x)
    const front = smoothstep(-1.5, 2, z)
    // Roots: scalp turns to hair over a ragged centimetre.
    const height = hairlineHeight(angleAround(x, z))
    const ragged = 0.28 * noise(x * 3.2, z * 3.2, seed + 6) + 0.2 * noise(x * 9, z * 9, seed + 7)
    const hairy = smoothstep(0, 1.5, y - height + ragged)
    if (hairy === 1) {
      ;[dab.r, dab.g, dab.b] = root
      dab.gloss = 20
      dab.height = 0
      return
    }
    ;[dab.r, dab.g, dab.b] = skin.tone
    // Tone: blotches, blood under thin skin, a paler forehead.
    const blotch = fractalNoise(x * 0.5, y * 0.5 + z * 0.3, seed)
    const speckle = fractalNoise(x * 2.6, y * 2.6 + z, seed + 9)
    const blood =
      0.4 * gauss((from - 4.4) / 1.9) * gauss((y + 0.7) / 1.25) +
      0.5 * gauss(x / 1.15) * gauss((y + 0.9) / 1.0) * smoothstep(5, 6.6, z) +
      0.3 * gauss(x / 1.6) * gauss((y + 8) / 1.3) +
      0.34 * gauss((from - 3.2) / 1.5) * gauss((y - 2.5) / 0.8) +
      0.16 * (blotch + 0.5 * speckle)
    blend(dab, skin.flush, Math.max(0, Math.min(0.75, blood * (0.75 + 0.35 * blotch))))
    const light = 1 + 0.025 * blotch + 0.018 * speckle + 0.02 * gauss(x / 3) * gauss((y - 6.2) / 1.6)
    dab.r *= light
    dab.g *= light
    dab.b *= light * (1 - 0.03 * gauss((y - 6.4) / 2))
    dab.gloss =
      (58 +
        70 * gauss(x / 2.6) * gauss((y - 6) / 1.6) +
        95 * gauss(x / 0.75) * smoothstep(3.6, -0.6, y) * smoothstep(-2, -0.6, y) * smoothstep(4.6, 6.5, z) +
        34 * gauss((from - 4.6) / 1.3) * gauss((y - 0.6) / 0.9) +
        30 * gauss(x / 1.2) * gauss((y + 7.6) / 0.9)) *
      (0.55 + 0.9 * skin.shine)
    dab.gloss *= 0.85 + 0.3 * noise(x * 9, y * 9 + z * 5, seed + 3)
    // Pores and fine grain.
    const pore = noise(x * 11, y * 11 + z * 6, seed + 4)
    dab.height = 0.5 * pore + 0.5 * noise(x * 21, y * 21 + z * 11, seed + 5)
    const open = 1 + 0.9 * gauss((from - 2.2) / 2) * gauss((y + 0.2) / 1.8)
    darken(dab, 0.028 * Math.max(0, pore - 0.25) * open)

    paintShade(dab, x, from, y, z, front, shade, skin.age)
    // Around the eyes.
    blend(
      dab,
      under,
      0.42 * gauss((from - 2.9) / 1.1) * gauss((y - 1.55) / 0.34) * front * (0.7 + 0.6 * skin.age),
    )
    if (lid > 0) {
      darken(dab, 0.42 * gauss((lid - 0.5) / 0.09) * smoothstep(1.7, 2.6, from))
      blend(dab, skin.flush, 0.22 * smoothstep(0.5, 0.75, lid))
      dab.gloss += 26 * smoothstep(0.55, 0.75, lid)
      blend(dab, [34, 22, 18], 0.85 * smoothstep(0.86, 0.97, lid))
    }
    if (bag > 0.5) {
      blend(dab, skin.flush, 0.35 * smoothstep(0.6, 0.9, bag))
      darken(dab, 0.5 * smoothstep(0.9, 1, bag))
    }
    paintAge(dab, x, from, y, skin.age, seed)
    if (skin.freckles > 0) paintFreckles(dab, x, from, y, z, skin.freckles, seed)
    if (skin.beard > 0) paintBeard(dab, x, from, y, z, lip, skin.beard, whiskers, seed)
    paintLips(dab, x, y, lip, lips, lipDark, seed)
    blend(dab, root, hairy * (0.94 - 0.1 * depth))
    dab.gloss *= 1 - 0.8 * hairy
  }
}
