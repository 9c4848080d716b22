/**
 * What lies over the picture, drawn into plain memory: mosaic, mesh lines, badge.
 * Indices below are in range by construction, hence the casts: noUncheckedIndexedAccess would cost a branch per read.
 */
import type { Pixels } from '../../../models/pixels'
import { VEIL_TAPS, veilBlockPx, veilTap } from '../veil'
import { LINE, lineRadiusPx } from '../wireframe'

/** Replaces the whole picture by its mosaic. */
export function drawVeil(plate: Pixels, out: Pixels): void {
  const { width, height, data } = plate
  const block = veilBlockPx(width)
  const words = wordsOf(out)
  const mean = new Uint8ClampedArray(4).fill(255)
  const word = new Uint32Array(mean.buffer)
  for (let top = 0; top < height; top += block) {
    for (let left = 0; left < width; left += block) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0
        for (let j = 0; j < VEIL_TAPS; j++) {
          const row = veilTap(top, j, block, height) * width
          for (let i = 0; i < VEIL_TAPS; i++)
            sum += data[(row + veilTap(left, i, block, width)) * 4 + channel] as number
        }
        mean[channel] = sum / VEIL_TAPS ** 2
      }
      const right = Math.min(width, left + block)
      const bottom = Math.min(height, top + block)
      for (let y = top; y < bottom; y++) words.fill(word[0] as number, y * width + left, y * width + right)
    }
  }
}

/** Draws the edges between landmarks (x, y, z each, px of the picture). `edges`: pairs of point numbers. */
export function drawMesh(out: Pixels, landmarks: Float32Array, edges: Uint16Array): void {
  const { width, height, data } = out
  const reach = lineRadiusPx(height) + 0.5
  const red = LINE.colour[0] * 255
  const green = LINE.colour[1] * 255
  const blue = LINE.colour[2] * 255
  for (let e = 0; e < edges.length; e += 2) {
    const a = (edges[e] as number) * 3
    const b = (edges[e + 1] as number) * 3
    const ax = landmarks[a] as number
    const ay = landmarks[a + 1] as number
    const dx = (landmarks[b] as number) - ax
    const dy = (landmarks[b + 1] as number) - ay
    const squared = Math.max(dx * dx + dy * dy, 1e-9)
    const left = Math.max(0, Math.floor(ax + Math.min(0, dx) - reach))
    const right = Math.min(width, Math.ceil(ax + Math.max(0, dx) + reach))
    const top = Math.max(0, Math.floor(ay + Math.min(0, dy) - reach))
    const bottom = Math.min(height, Math.ceil(ay + Math.max(0, dy) + reach))
    for (let y = top; y < bottom; y++) {
      const py = y + 0.5 - ay
      for (let x = left; x < right; x++) {
        const px = x + 0.5 - ax
        const along = (px * dx + py * dy) / squared
        const t = Math.max(0, Math.min(1, along))
        const offX = px - t * dx
        const offY = py - t * dy
        const away = offX * offX + offY * offY
        if (!(away < reach * reach)) continue
        const cover = reach - Math.sqrt(away)
        const alpha = Math.min(1, cover) * LINE.opacity
        const at = (y * width + x) * 4
        data[at] = (data[at] as number) * (1 - alpha) + red * alpha
        data[at + 1] = (data[at + 1] as number) * (1 - alpha) + green * alpha
        data[at + 2] = (data[at + 2] as number) * (1 - alpha) + blue * alpha
      }
    }
  }
}

/** Lays `image` (with its alpha) over the picture, its top left at (x, y), whole px. What sticks out is cut off. */
export function layOver(image: Pixels, out: Pixels, x: number, y: number): void {
  const right = Math.min(image.width, out.width - x)
  const bottom = Math.min(image.height, out.height - y)
  for (let row = 0; row < bottom; row++) {
    let from = row * image.width * 4
    let to = ((y + row) * out.width + x) * 4
    for (let column = 0; column < right; column++) {
      const alpha = (image.data[from + 3] as number) / 255
      for (let channel = 0; channel < 3; channel++) {
        const under = out.data[to + channel] as number
        out.data[to + channel] = under + ((image.data[from + channel] as number) - under) * alpha
      }
      from += 4
      to += 4
    }
  }
}

/** Left and right exchanged, in place. */
export function mirrorRows(pixels: Pixels): void {
  const words = wordsOf(pixels)
  for (let y = 0; y < pixels.height; y++) words.subarray(y * pixels.width, (y + 1) * pixels.width).reverse()
}

/** One number per pixel, the same memory. */
const wordsOf = ({ data, width, height }: Pixels): Uint32Array =>
  new Uint32Array(data.buffer, data.byteOffset, width * height)
