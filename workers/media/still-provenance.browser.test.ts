import { expect, it } from 'vitest'
import { saysModified } from '../../tests/media/read-provenance'
import { differenceOf, shownOn } from '../compositor/testing/pictures'
import { withStillProvenance } from './still-provenance'

function picture(width: number, height: number, opaque: boolean): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  const gradient = context.createLinearGradient(0, 0, width, height)
  gradient.addColorStop(0, 'rgb(200 40 40)')
  gradient.addColorStop(1, opaque ? 'rgb(20 40 200)' : 'rgb(20 40 200 / 0)')
  context.fillStyle = gradient
  context.fillRect(0, 0, width, height)
  return canvas
}

const seen = async (blob: Blob) => shownOn(await createImageBitmap(blob))

it.each([
  ['image/png', 0.9, true],
  ['image/png', 0.9, false],
  ['image/jpeg', 0.9, true],
  ['image/webp', 0.9, true], // VP8
  ['image/webp', 0.9, false], // VP8X with ALPH
  ['image/webp', 1, true], // VP8L
  ['image/webp', 1, false],
])(
  'can be read from %s (quality %d, opaque: %s), and the picture is the same',
  async (type, quality, opaque) => {
    for (const [width, height] of [
      [301, 200],
      [7, 16],
    ] as const) {
      const plain = await picture(width, height, opaque).convertToBlob({ type, quality })
      const marked = await withStillProvenance(plain)
      expect(marked.type).toBe(type)
      expect(await saysModified(plain)).toBe(false)
      expect(await saysModified(marked)).toBe(true)
      const [before, after] = [await seen(plain), await seen(marked)]
      expect([after.width, after.height]).toEqual([width, height])
      expect(differenceOf(before, after).max).toBe(0)
      expect(after.data.filter((_, i) => i % 4 === 3)).toEqual(before.data.filter((_, i) => i % 4 === 3))
    }
  },
)

it('refuses what is not what it says', async () => {
  for (const type of ['image/png', 'image/jpeg', 'image/webp', 'image/bmp'])
    await expect(withStillProvenance(new Blob([new Uint8Array(64)], { type }))).rejects.toThrow(TypeError)
})
