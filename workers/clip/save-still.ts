import type { Pixels } from '../../models/pixels'
import type { Compositor } from '../compositor/compositor'
import type { Bounds } from '../compositor/cpu/rasterise'
import type { FaceNetworks } from '../faces/networks'
import { withStillProvenance } from '../media/still-provenance'
import { namedError } from '../rpc/named-error'
import type { StillFormat } from './clip-api'
import { facesInFrame, scaledFace } from './faces-in-frame'
import { type Footage, frameOf } from './footage'
import type { StillPixels } from './read-still'
import type { Stage } from './stage'

const QUALITY = 0.95 // of JPEG and WebP
/** Longest side that a format can say, px. */
const MAX_SIDE: Readonly<Record<StillFormat, number>> = {
  'image/png': 65_535, // what a canvas takes
  'image/jpeg': 65_535,
  'image/webp': 16_383,
}

export interface SavingParts<Source> {
  readonly stage: Stage<Source>
  readonly networks: FaceNetworks
  /** A compositor of its own, in plain memory: any size, and exact to the bit outside of the faces. */
  newCompositor(canvas: OffscreenCanvas): Compositor
}

/**
 * The frame of this moment as a picture file: swapped, at its full size, with badge and provenance if anybody in it was to
 * be swapped. Rejects with a named Error.
 */
export async function saveStill<Source>(
  { stage, networks, newCompositor }: SavingParts<Source>,
  footage: Footage,
  timeS: number,
  format: StillFormat,
  signal: AbortSignal,
): Promise<Blob> {
  refuseTooLong(footage, format)
  const canvas = new OffscreenCanvas(1, 1)
  using compositor = newCompositor(canvas)
  const { frame } = await footage.frameAt(timeS, signal)
  using shown = await compositor.take(frame)
  const faces = await facesInFrame(shown, networks, signal)
  const still = await footage.fullStill()
  signal.throwIfAborted()
  if (!still) {
    await stage.drawAlone(compositor, shown, faces, timeS)
    return mark(await encode(canvas, format), stage)
  }
  const scale = still.pixels.width / shown.width
  const full = scale === 1 ? faces : faces.map((face) => scaledFace(face, scale))
  using plate = await compositor.take(frameOf(still.pixels))
  await stage.drawAlone(compositor, plate, full, timeS)
  if (!still.alpha) return mark(await encode(canvas, format), stage)
  const { width, height } = plate
  const picture = see(await compositor.pixels(), still, stage.badgeBounds(width, height))
  return mark(await encode(canvasOf(picture), format), stage)
}

function refuseTooLong({ opened }: Footage, format: StillFormat): void {
  const { width, height } = opened.kind === 'still' ? opened : opened.info.video
  if (Math.max(width, height) > MAX_SIDE[format])
    throw namedError('StillFormatTooSmallError', `${format} holds ${MAX_SIDE[format]} pixels a side.`)
}

/** As transparent as the picture was; only the badge is seen everywhere. */
function see(drawn: Pixels, { pixels, alpha }: StillPixels, badge: Bounds | undefined): Pixels {
  const data = new Uint8ClampedArray(drawn.data)
  const before = new Uint32Array(pixels.data.buffer)
  const after = new Uint32Array(drawn.data.buffer)
  for (let i = 0; i < after.length; i++) data[4 * i + 3] = alpha?.[i] ?? 255
  if (!badge) return { ...drawn, data }
  const right: number = Math.min(drawn.width, badge.x + badge.width)
  const bottom = Math.min(drawn.height, badge.y + badge.height)
  for (let y = badge.y; y < bottom; y++)
    for (let x: number = badge.x; x < right; x++) {
      const i = y * drawn.width + x
      if (before[i] !== after[i]) data[4 * i + 3] = 255
    }
  return { ...drawn, data }
}

function canvasOf({ width, height, data }: Pixels): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0)
  return canvas
}

async function encode(canvas: OffscreenCanvas, type: StillFormat): Promise<Blob> {
  const blob = await canvas.convertToBlob({ type, quality: QUALITY })
  if (blob.type !== type) throw namedError('StillFormatError', `This browser cannot write ${type}.`)
  return blob
}

const mark = (blob: Blob, stage: { readonly swaps: boolean }): Promise<Blob> | Blob =>
  stage.swaps ? withStillProvenance(blob) : blob
