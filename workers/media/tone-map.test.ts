import { expect, test } from 'vitest'
import { type HdrPlanes, ToneMap, type Transfer } from './tone-map'

/** BT.2100, BT.2087, BT.2390 and sRGB written out again, plainly and without tables: R'G'B' or Y'CbCr to 8-bit sRGB. */
function reference(transfer: Transfer, y: number, cb: number, cr: number): number[] {
  const coded = [y + 1.4746 * cr, y - 0.16455312684 * cb - 0.57135312684 * cr, y + 1.8814 * cb].map((v) =>
    Math.min(Math.max(v, 0), 1),
  )
  const light = transfer === 'PQ' ? coded.map(pq) : hlg(coded)
  const primaries = [
    [1.6604910021, -0.58764113878, -0.072849863357],
    [-0.12455047452, 1.1328998971, -0.0083494226],
    [-0.01815076335, -0.10057889801, 1.1187296614],
  ]
  const rgb = primaries.map((row) =>
    Math.max(
      0,
      row.reduce((sum, weight, i) => sum + weight * light[i]!, 0),
    ),
  )
  const most = Math.max(...rgb)
  const gain = most > 0 ? bend(most) / most : 1
  return rgb.map((value) => {
    const linear = Math.min((value * gain) / 203, 1)
    return 255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055)
  })
}

const pq = (v: number): number => {
  const p = v ** (1 / 78.84375)
  return Math.min(
    10000 * (Math.max(p - 0.8359375, 0) / (18.8515625 - 18.6875 * p)) ** (1 / 0.1593017578125),
    1000,
  )
}
const unPq = (light: number): number => {
  const p = (light / 10000) ** 0.1593017578125
  return ((0.8359375 + 18.8515625 * p) / (1 + 18.6875 * p)) ** 78.84375
}
function hlg(coded: readonly number[]): number[] {
  const scene = coded.map((v) =>
    v <= 0.5 ? (v * v) / 3 : (Math.exp((v - 0.55991073) / 0.17883277) + 0.28466892) / 12,
  )
  const luminance = 0.2627 * scene[0]! + 0.678 * scene[1]! + 0.0593 * scene[2]!
  return scene.map((value) => 1000 * luminance ** 0.2 * value)
}
function bend(light: number): number {
  const [peak, most] = [unPq(1000), unPq(203) / unPq(1000)]
  const knee = 1.5 * most - 0.5
  const e = Math.min(unPq(light) / peak, 1)
  if (e < knee) return light
  const t = (e - knee) / (1 - knee)
  const p =
    (2 * t ** 3 - 3 * t ** 2 + 1) * knee +
    (t ** 3 - 2 * t ** 2 + t) * (1 - knee) +
    (-2 * t ** 3 + 3 * t ** 2) * most
  const v = (p * peak) ** (1 / 78.84375)
  return 10000 * (Math.max(v - 0.8359375, 0) / (18.8515625 - 18.6875 * v)) ** (1 / 0.1593017578125)
}

/** Ten bits, limited range, one chroma sample per pixel. */
function planes(pixels: readonly (readonly [number, number, number])[]): HdrPlanes {
  const plane = (channel: 0 | 1 | 2) => Uint16Array.from(pixels, (pixel) => pixel[channel])
  const common = {
    width: pixels.length,
    height: 1,
    bits: 10,
    isFullRange: false,
    shiftX: 0,
    shiftY: 0,
  } as const
  return { ...common, luma: plane(0), blue: plane(1), red: plane(2) }
}

test.for(['PQ', 'HLG'] as const)('%s by tables is within two steps of the formulas', (transfer) => {
  const pixels: [number, number, number][] = []
  for (let y = 64; y <= 940; y += 11) {
    for (let blue = 64; blue <= 960; blue += 64) {
      for (let red = 64; red <= 960; red += 64) pixels.push([y, blue, red])
    }
  }
  const out = new Uint8Array(4 * pixels.length)
  new ToneMap(transfer).run(planes(pixels), out)
  let most = 0
  let sum = 0
  for (const [i, [y, blue, red]] of pixels.entries()) {
    const wanted = reference(transfer, (y - 64) / 876, (blue - 512) / 896, (red - 512) / 896)
    for (const [channel, value] of wanted.entries()) {
      const off = Math.abs(out[4 * i + channel]! - value)
      most = Math.max(most, off)
      sum += off
    }
    expect(out[4 * i + 3]).toBe(255)
  }
  expect(most).toBeLessThan(2)
  expect(sum / pixels.length / 3).toBeLessThan(0.4)
})

test('grey stays grey and grows; diffuse white keeps most of its light, and the peak is white', () => {
  const code = (light: number): [number, number, number] => [Math.round(64 + 876 * unPq(light)), 512, 512]
  const lights = [0, 0.1, 1, 5, 20, 60, 100, 203, 400, 700, 1000, 4000]
  const out = new Uint8Array(4 * lights.length)
  new ToneMap('PQ').run(planes(lights.map(code)), out)
  const greys = lights.map((_, i) => out[4 * i]!)
  for (let i = 0; i < lights.length; i++) expect(out[4 * i + 2]).toBe(greys[i])
  expect(greys).toEqual([...greys].sort((a, b) => a - b))
  expect(greys[0]).toBe(0)
  expect(greys[7]).toBeGreaterThan(215)
  expect(greys[7]).toBeLessThan(240)
  expect(greys.slice(-2)).toEqual([255, 255])
})

test('chroma is shared by two by two pixels, and full range begins at zero', () => {
  const luma = Uint8Array.from({ length: 6 }, () => 128)
  const half = { width: 3, height: 2, bits: 8, isFullRange: true, shiftX: 1, shiftY: 1 } as const
  const out = new Uint8Array(24)
  new ToneMap('HLG').run({ ...half, luma, blue: Uint8Array.of(128, 200), red: Uint8Array.of(128, 128) }, out)
  const blueOf = (pixel: number) => out[4 * pixel + 2]!
  expect(blueOf(0)).toBe(blueOf(4))
  expect(blueOf(2)).toBe(blueOf(5))
  expect(blueOf(2)).toBeGreaterThan(blueOf(0))
})
