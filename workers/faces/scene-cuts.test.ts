import { describe, expect, it } from 'vitest'
import { createPixels, type Pixels } from '../../models/pixels'
import { SceneCuts } from './scene-cuts'
import { plateOfPixels } from './still'

/** Soft blobs of light: another seed is another place. `shift`: how far the camera has turned, px. */
function place(seed: number, { shift = 0, light = 1, hand = false } = {}): Pixels {
  const pixels = createPixels(160, 90)
  for (let y = 0; y < 90; y++) {
    for (let x = 0; x < 160; x++) {
      let value = 60
      for (let k = 1; k <= 6; k++) {
        const [cx, cy] = [(seed * 67 * k) % 160, (seed * 41 * k) % 90]
        value += 120 * Math.exp(-((x + shift - cx) ** 2 + (y - cy) ** 2) / 400)
      }
      if (hand && Math.hypot(x - 80, y - 45) < 32) value = 200
      pixels.data.fill(Math.min(255, light * value), 4 * (y * 160 + x), 4 * (y * 160 + x) + 3)
    }
  }
  return pixels
}

async function begins(pictures: readonly Pixels[]): Promise<boolean[]> {
  const cuts = new SceneCuts()
  const found = []
  for (const picture of pictures) found.push(await cuts.beginsShot(plateOfPixels(picture)))
  return found
}

describe('SceneCuts', () => {
  it('sees the first picture and every change of place begin a shot', async () => {
    expect(await begins([place(1), place(1), place(2), place(2), place(3), place(1)])).toEqual([
      true,
      false,
      true,
      false,
      true,
      true,
    ])
  })

  it('takes a moving camera, a flash, a fade and a hand in front for the same shot', async () => {
    const pan = Array.from({ length: 8 }, (_, i) => place(1, { shift: 4 * i }))
    const flash = [place(2), place(2, { light: 1.5 }), place(2)]
    const fade = Array.from({ length: 5 }, (_, i) => place(3, { light: 1 - i / 5 }))
    const hand = [place(4), place(4, { hand: true }), place(4)]
    for (const shot of [pan, flash, fade, hand]) {
      expect(await begins(shot)).toEqual(shot.map((_, i) => i === 0))
    }
  })

  it('goes on from what was saved', async () => {
    const cuts = new SceneCuts()
    await cuts.beginsShot(plateOfPixels(place(1)))
    const other = new SceneCuts()
    other.restore(structuredClone(cuts.save()))
    expect(await other.beginsShot(plateOfPixels(place(1)))).toBe(false)
    expect(await other.beginsShot(plateOfPixels(place(2)))).toBe(true)
  })
})
