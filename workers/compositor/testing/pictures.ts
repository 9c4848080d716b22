/** Pictures for the compositors' tests: making, reading and comparing them. Pixel indices are in range by construction. */
import type { Affine } from '../../../models/affine'
import type { Pixels } from '../../../models/pixels'
import type { Compositor } from '../compositor'
import { CpuCompositor } from '../cpu/cpu-compositor'
import { type Layer, type Overlay, VERTEX_FLOATS } from '../layer'
import { sampleLayer } from '../sample-picture'
import type { Gpu } from '../webgpu/gpu'
import { WebGpuCompositor } from '../webgpu/webgpu-compositor'
import { meshEdges } from '../wireframe'

export const PLAIN: Overlay = { veil: false, mirror: false, split: undefined, meshes: [], badge: undefined }

/** Lines between the sample layer's points. */
export const EDGES = meshEdges(sampleLayer(640, 480).triangles)

/** The sample layer's points as if they were landmarks. */
export function landmarksOf({ vertices }: Layer): Float32Array {
  return Float32Array.from({ length: (vertices.length / VERTEX_FLOATS) * 3 }, (_, i) =>
    i % 3 === 2 ? 0 : (vertices[Math.floor(i / 3) * VERTEX_FLOATS + (i % 3)] as number),
  )
}

export type Kind = 'cpu' | 'webgpu, uploading' | 'webgpu, importing'
export const KINDS: readonly Kind[] = ['cpu', 'webgpu, uploading', 'webgpu, importing']

export function makeCompositor(kind: Kind, canvas: OffscreenCanvas, gpu: Gpu): Compositor {
  if (kind === 'cpu') return new CpuCompositor(canvas, EDGES)
  const intake = kind === 'webgpu, importing' ? 'import' : 'upload'
  return new WebGpuCompositor(canvas, gpu, EDGES, { intake })
}

/** One picture, drawn by a compositor of its own. */
export async function picture(
  kind: Kind,
  gpu: Gpu,
  frame: VideoFrame,
  layers: readonly Layer[],
  overlay = PLAIN,
): Promise<Pixels> {
  const canvas = new OffscreenCanvas(1, 1)
  using compositor = makeCompositor(kind, canvas, gpu)
  using plate = await compositor.take(frame)
  await compositor.draw(plate, layers, overlay)
  return shownOn(canvas)
}

/** What the canvas shows. */
export function shownOn(canvas: OffscreenCanvas | ImageBitmap): Pixels {
  const { width, height } = canvas
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('This browser offers no 2-D drawing.')
  context.drawImage(canvas, 0, 0)
  return { width, height, data: new Uint8ClampedArray(context.getImageData(0, 0, width, height).data) }
}

export interface Difference {
  readonly mean: number
  readonly p99: number
  readonly max: number
}

/** Differences of colour values, 0..255, over the pixels that `counts` lets through. */
export function differenceOf(
  a: Pixels,
  b: Pixels,
  counts: (x: number, y: number) => boolean = () => true,
): Difference {
  if (a.width !== b.width || a.height !== b.height) throw new RangeError('The pictures differ in size.')
  const differences: number[] = []
  for (let i = 0; i < a.data.length; i++) {
    const pixel = i >> 2
    if ((i & 3) === 3 || !counts(pixel % a.width, Math.floor(pixel / a.width))) continue
    differences.push(Math.abs((a.data[i] as number) - (b.data[i] as number)))
  }
  if (differences.length === 0) throw new RangeError('No pixel to compare.')
  const sorted = Uint8Array.from(differences).sort()
  return {
    mean: differences.reduce((sum, d) => sum + d, 0) / differences.length,
    p99: sorted[Math.floor(0.99 * (sorted.length - 1))] as number,
    max: sorted[sorted.length - 1] as number,
  }
}

export function flipped({ width, height, data }: Pixels): Pixels {
  const out = new Uint8ClampedArray(data.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 4
      out.set(data.subarray(from, from + 4), (y * width + width - 1 - x) * 4)
    }
  return { width, height, data: out }
}

/** Maps (x, y) of a frame to the middle of a square, scaled and turned. */
export function cropAround(x: number, y: number, scale: number, angle: number, size: number): Affine {
  const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)]
  return [c, s, -s, c, size / 2 - c * x + s * y, size / 2 - s * x - c * y]
}

/** A frame of exactly these pixels: nobody converts its colours. */
export function frameOf({ width, height, data }: Pixels): VideoFrame {
  return new VideoFrame(data, { format: 'RGBA', codedWidth: width, codedHeight: height, timestamp: 0 })
}
