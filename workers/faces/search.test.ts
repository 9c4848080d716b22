import { describe, expect, it } from 'vitest'
import { applyX, applyY } from '../../models/affine'
import { searchWindows } from './search'

describe('searchWindows', () => {
  it('begins with the whole picture', () => {
    const [whole] = searchWindows(640, 480)
    expect([applyX(whole!, 0, 0), applyX(whole!, 640, 480)]).toEqual([0, 128])
    expect([applyY(whole!, 0, 0), applyY(whole!, 640, 480)]).toEqual([16, 112])
  })

  it('has every small face whole in some square', () => {
    const windows = searchWindows(1280, 720)
    const inside = (v: number) => v >= 0 && v <= 128
    for (let x = 40; x < 1240; x += 37) {
      for (let y = 40; y < 680; y += 37) {
        const close = windows.some((m) => {
          const corners = [
            applyX(m, x - 40, y),
            applyX(m, x + 40, y),
            applyY(m, x, y - 40),
            applyY(m, x, y + 40),
          ]
          return corners.every(inside) && m[0] * 80 > 20 // 80 px fill at least 20 px of the detector's 128
        })
        expect(close, `face at ${x}, ${y}`).toBe(true)
      }
    }
  })

  it('stays affordable', () => {
    expect(searchWindows(1920, 1080).length).toBeLessThan(70)
    expect(searchWindows(300, 4000).length).toBe(120)
  })
})
