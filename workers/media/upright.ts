/** A decoder's frames as they are to be seen: turned once, with square pixels, in BT.709, with their exact moment. */
import type { InputVideoTrack, Rotation } from 'mediabunny'
import type { Moment } from './schedule'
import { type HdrPlanes, ToneMap, type Transfer } from './tone-map'
import { turnPlane } from './turn-plane'

export interface Appearance {
  /** Clockwise, degrees; mirrored afterwards. */
  readonly rotation: Rotation
  readonly isFlipped: boolean
  /** px, upright and with square pixels */
  readonly width: number
  readonly height: number
  readonly hdr: Transfer | undefined
  /** For files that do not say what their colours mean. */
  readonly assumed: VideoColorSpaceInit | undefined
}

/** Standard definition without a word about its colours means BT.601, as players take it (and Chromium's own). */
const STANDARD_HEIGHT = 720
const BT601 = {
  primaries: 'smpte170m',
  transfer: 'smpte170m',
  matrix: 'smpte170m',
  fullRange: false,
} as const

export async function appearanceOf(track: InputVideoTrack): Promise<Appearance> {
  const { primaries, matrix, transfer } = await track.getColorSpace()
  const isSilent = !primaries && !matrix && !transfer
  const isStandard = Math.min(await track.getCodedWidth(), await track.getCodedHeight()) < STANDARD_HEIGHT
  // Newer than the compiler's own declaration.
  const curve: string | null | undefined = transfer
  return {
    rotation: await track.getRotation(),
    isFlipped: await track.getFlip(),
    width: await track.getDisplayWidth(),
    height: await track.getDisplayHeight(),
    hdr: curve === 'pq' ? 'PQ' : curve === 'hlg' ? 'HLG' : undefined,
    assumed: isSilent && isStandard ? BT601 : undefined,
  }
}

/** Presents the frames of one pass through a clip, one at a time. Keeps what it works in. */
export class Presenter {
  readonly #look: Appearance
  readonly #toneMap: ToneMap | undefined
  #bytes: [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] = [new Uint8Array(), new Uint8Array()]
  #canvas: OffscreenCanvasRenderingContext2D | undefined

  constructor(look: Appearance) {
    this.#look = look
    this.#toneMap = look.hdr && toneMapOf(look.hdr)
  }

  /** Takes the frame over. */
  async present(frame: VideoFrame, moment: Moment): Promise<VideoFrame> {
    const { timeS, durationS } = moment
    const stamp = { timestamp: Math.round(timeS * 1e6), duration: Math.round(durationS * 1e6) }
    try {
      const { visibleRect, format } = frame
      const { width, height } = this.#look
      const isTurned = this.#look.rotation % 180 !== 0
      const isSquare =
        visibleRect?.width === (isTurned ? height : width) &&
        visibleRect.height === (isTurned ? width : height)
      if (this.#toneMap) {
        if (isHdrFormat(format)) return await this.#toneMapped(frame, this.#toneMap, isSquare, stamp)
        return this.#drawn(frame, stamp) // it lies on a GPU: the browser's own tone mapping
      }
      if (isSquare && this.#isAsStored) return new VideoFrame(frame, stamp)
      if (isSquare && (format === 'I420' || format === 'NV12'))
        return await this.#turned(frame, format, stamp)
      return this.#drawn(frame, stamp)
    } finally {
      frame.close()
    }
  }

  get #isAsStored(): boolean {
    return this.#look.rotation === 0 && !this.#look.isFlipped && !this.#look.assumed
  }

  /** Turns the planes as they are: no colour is touched. */
  async #turned(frame: VideoFrame, format: 'I420' | 'NV12', stamp: Stamp): Promise<VideoFrame> {
    const size = frame.allocationSize()
    const [from, to] = this.#buffers(size)
    const layout = await frame.copyTo(from)
    const { width: storedWidth = 0, height: storedHeight = 0 } = frame.visibleRect ?? {}
    const { rotation, isFlipped, width, height, assumed } = this.#look
    const half = (pixels: number) => (pixels + 1) >> 1
    for (const [plane, { offset }] of layout.entries()) {
      const [planeWidth, planeHeight] = plane
        ? [half(storedWidth), half(storedHeight)]
        : [storedWidth, storedHeight]
      const pairs = plane > 0 && format === 'NV12'
      const length = planeWidth * planeHeight
      const view = (bytes: Uint8Array<ArrayBuffer>) =>
        pairs ? new Uint16Array(bytes.buffer, offset, length) : bytes.subarray(offset, offset + length)
      turnPlane(view(from), view(to), planeWidth, planeHeight, rotation, isFlipped)
    }
    return new VideoFrame(to.subarray(0, size), {
      ...stamp,
      format,
      codedWidth: width,
      codedHeight: height,
      colorSpace: assumed ?? frame.colorSpace.toJSON(),
    })
  }

  async #toneMapped(frame: VideoFrame, map: ToneMap, isSquare: boolean, stamp: Stamp): Promise<VideoFrame> {
    const planes = await this.#hdrPlanes(frame)
    const { width, height } = planes
    const [, to] = this.#buffers(4 * width * height)
    map.run(planes, to)
    const { rotation, isFlipped } = this.#look
    const rgbx = (bytes: Uint8Array<ArrayBuffer>, codedWidth: number, codedHeight: number) =>
      new VideoFrame(bytes.subarray(0, 4 * width * height), {
        ...stamp,
        format: 'RGBX',
        codedWidth,
        codedHeight,
      })
    if (!isSquare) {
      const stored = rgbx(to, width, height)
      try {
        return this.#drawn(stored, stamp)
      } finally {
        stored.close()
      }
    }
    if (rotation === 0 && !isFlipped) return rgbx(to, width, height)
    const [turned] = this.#buffers(4 * width * height)
    const view = (bytes: Uint8Array<ArrayBuffer>) => new Uint32Array(bytes.buffer, 0, width * height)
    turnPlane(view(to), view(turned), width, height, rotation, isFlipped)
    return rgbx(turned, this.#look.width, this.#look.height)
  }

  async #hdrPlanes(frame: VideoFrame): Promise<HdrPlanes> {
    const { format, visibleRect, colorSpace } = frame
    const { width = 0, height = 0 } = visibleRect ?? {}
    const isWide = /P1[0-6]$/.test(format ?? '')
    const [bytes] = this.#buffers(frame.allocationSize())
    const layout = await frame.copyTo(bytes)
    const shiftX = format?.startsWith('I444') ? 0 : 1
    const shiftY = format?.startsWith('I420') ? 1 : 0
    const plane = (index: number, length: number) => {
      const offset = layout[index]?.offset ?? 0
      return isWide ? new Uint16Array(bytes.buffer, offset, length) : bytes.subarray(offset, offset + length)
    }
    const chroma = ((width + shiftX) >> shiftX) * ((height + shiftY) >> shiftY)
    return {
      width,
      height,
      bits: isWide ? Number(format?.slice(-2)) : 8,
      isFullRange: colorSpace.fullRange ?? false,
      luma: plane(0, width * height),
      blue: plane(1, chroma),
      red: plane(2, chroma),
      shiftX,
      shiftY,
    }
  }

  /** For formats that only the browser knows, and for stretching. */
  #drawn(frame: VideoFrame, stamp: Stamp): VideoFrame {
    const { rotation, isFlipped, width, height } = this.#look
    this.#canvas ??= contextOf(new OffscreenCanvas(width, height))
    const context = this.#canvas
    context.setTransform(isFlipped ? -1 : 1, 0, 0, 1, width / 2, height / 2)
    context.rotate((rotation * Math.PI) / 180)
    const [across, down] = rotation % 180 === 0 ? [width, height] : [height, width]
    context.drawImage(frame, -across / 2, -down / 2, across, down)
    return new VideoFrame(context.canvas, { ...stamp, alpha: 'discard' })
  }

  #buffers(size: number): [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] {
    if (this.#bytes[0].length < size) this.#bytes = [new Uint8Array(size), new Uint8Array(size)]
    return this.#bytes
  }
}

const toneMaps: Partial<Record<Transfer, ToneMap>> = {}

/** Its tables serve all passes. */
function toneMapOf(transfer: Transfer): ToneMap {
  toneMaps[transfer] ??= new ToneMap(transfer)
  return toneMaps[transfer]
}

interface Stamp {
  readonly timestamp: number
  readonly duration: number
}

/** Planes that can be read one by one. Newer than the compiler's own declaration. */
const isHdrFormat = (format: string | null): boolean => /^I4(20|22|44)(P1[0-6])?$/.test(format ?? '')

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false })
  if (!context) throw new Error('This browser offers no 2-D drawing.')
  context.imageSmoothingQuality = 'high'
  return context
}
