import { expect, test } from 'vitest'
import { portraitCut } from './portrait'

test('the cut is 4 : 5, holds the whole face and stays inside the picture', () => {
  const pictures = [
    { box: { x: 200, y: 150, width: 120, height: 160 }, width: 640, height: 480 },
    { box: { x: 0, y: 0, width: 90, height: 110 }, width: 640, height: 480 },
    { box: { x: 560, y: 380, width: 80, height: 100 }, width: 640, height: 480 },
    { box: { x: 10, y: 10, width: 80, height: 80 }, width: 100, height: 100 },
    { box: { x: 20, y: 300, width: 200, height: 260 }, width: 240, height: 1200 },
  ]
  for (const { box, width, height } of pictures) {
    const cut = portraitCut(box, width, height)
    expect(cut.height / cut.width).toBeCloseTo(1.25)
    expect(cut.x).toBeGreaterThanOrEqual(0)
    expect(cut.y).toBeGreaterThanOrEqual(0)
    expect(cut.x + cut.width).toBeLessThanOrEqual(width + 1e-6)
    expect(cut.y + cut.height).toBeLessThanOrEqual(height + 1e-6)
    expect(cut.x).toBeLessThanOrEqual(box.x)
    expect(cut.x + cut.width).toBeGreaterThanOrEqual(Math.min(box.x + box.width, width) - 1e-6)
  }
})
