/** A made-up frame and a made-up face to lay over it: the same work as real ones, for measuring and for tests. */
import { createPixels } from '../../models/pixels'
import { type Layer, VERTEX_FLOATS } from './layer'

/** A frame as most cameras give it (I420). Another timestamp gives another picture. The caller closes it. */
export function sampleFrame(width: number, height: number, timestamp = 0): VideoFrame {
  const data = sampleI420(width, height, timestamp / 1e5)
  return new VideoFrame(data, { format: 'I420', codedWidth: width, codedHeight: height, timestamp })
}

/** Soft gradients in mid colours. */
export function sampleI420(width: number, height: number, phase: number): Uint8Array<ArrayBuffer> {
  const halfWidth = Math.ceil(width / 2)
  const halfHeight = Math.ceil(height / 2)
  const data = new Uint8Array(width * height + 2 * halfWidth * halfHeight)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data[y * width + x] = 128 + 70 * Math.sin(x / 37 + phase) * Math.cos(y / 29)
  const chroma = width * height
  for (let y = 0; y < halfHeight; y++)
    for (let x = 0; x < halfWidth; x++) {
      data[chroma + y * halfWidth + x] = 128 + 25 * Math.sin((x + y) / 60)
      data[chroma + halfWidth * halfHeight + y * halfWidth + x] = 128 + 25 * Math.cos((x - y) / 60)
    }
  return data
}

const CELLS = 20 // along each side: 800 triangles, about as many as a face mesh has
const TEXTURE_PX = 384

/** A round face in the middle of a frame, a third of its height in radius, with two openings for the own eyes. */
export function sampleLayer(width: number, height: number): Layer {
  const side = CELLS + 1
  const vertices = new Float32Array(side * side * VERTEX_FLOATS)
  const radius = height / 3
  for (let j = 0; j < side; j++)
    for (let i = 0; i < side; i++) {
      const u = (2 * i) / CELLS - 1
      const v = (2 * j) / CELLS - 1
      const x = width / 2 + u * radius * 0.8 + v * radius * 0.1
      const y = height / 2 + v * radius - u * radius * 0.05
      const eye = Math.min(Math.hypot(u - 0.4, v + 0.3), Math.hypot(u + 0.4, v + 0.3))
      const source = [((u + 1) / 2) * TEXTURE_PX, ((v + 1) / 2) * TEXTURE_PX]
      const gain = [1.1 + 0.1 * u, 1, 0.9 - 0.1 * v]
      const matte = (1 - Math.hypot(u, v)) * 3
      vertices.set(
        [x, y, ...source, x + 2.3, y - 1.7, ...gain, matte, 1.5 - eye * 6, 0],
        (j * side + i) * VERTEX_FLOATS,
      )
    }
  const triangles = new Uint16Array(CELLS * CELLS * 6)
  for (let j = 0; j < CELLS; j++)
    for (let i = 0; i < CELLS; i++) {
      const corner = j * side + i
      const square = [corner, corner + 1, corner + side, corner + 1, corner + side + 1, corner + side]
      triangles.set(square, (j * CELLS + i) * 6)
    }
  const texture = createPixels(TEXTURE_PX, TEXTURE_PX)
  for (let y = 0; y < TEXTURE_PX; y++)
    for (let x = 0; x < TEXTURE_PX; x++) {
      const wave = 30 * Math.sin(x / 9) * Math.sin(y / 11)
      texture.data.set([200 + wave, 150 + wave, 120 - wave, 255], (y * TEXTURE_PX + x) * 4)
    }
  return { vertices, triangles, texture, opacity: 1 }
}
