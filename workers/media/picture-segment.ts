/**
 * A segment of single pictures, each kept without loss: PNG after PNG, then the index, then how long it is.
 *
 * | per picture | timeS f64, durationS f64, offset f64, bytes u32 | little endian |
 * | at the end  | number of pictures u32, 'PICS'                  |
 */
import type { Pixels } from '../../models/pixels'
import { type FileWriter, openFileWriter } from './file-writer'
import type { SegmentWriter } from './segment-writer'

const ENTRY_BYTES = 28
const FOOTER_BYTES = 8
const MARK = 0x53434950 // 'PICS'

/** One picture of a segment. Its PNG is read when somebody does. */
export interface KeptPicture {
  readonly timeS: number
  readonly durationS: number
  readonly png: Blob
}

interface Entry {
  readonly timeS: number
  readonly durationS: number
  readonly offset: number
  readonly bytes: number
}

/** `maxWidth`: wider pictures are scaled down to it, px. */
export async function openPictureSegment(
  file: FileSystemFileHandle,
  maxWidth = Number.POSITIVE_INFINITY,
): Promise<SegmentWriter> {
  return new PictureSegment(await openFileWriter(file), maxWidth)
}

class PictureSegment implements SegmentWriter {
  readonly #to: FileWriter
  readonly #maxWidth: number
  readonly #entries: Entry[] = []
  #offset = 0
  /** The picture before is being encoded and written while the next one is drawn. */
  #writing: Promise<void> = Promise.resolve()
  #isDone = false

  constructor(to: FileWriter, maxWidth: number) {
    this.#to = to
    this.#maxWidth = maxWidth
  }

  async add(pixels: Pixels, timeS: number, durationS: number): Promise<void> {
    const canvas = scaledCanvas(pixels, this.#maxWidth)
    await this.#writing
    this.#writing = this.#write(canvas, timeS, durationS)
    this.#writing.catch(() => undefined) // the next call hears of it
  }

  async #write(canvas: OffscreenCanvas, timeS: number, durationS: number): Promise<void> {
    const png = await canvas.convertToBlob({ type: 'image/png' })
    await this.#to.write(new Uint8Array(await png.arrayBuffer()), this.#offset)
    this.#entries.push({ timeS, durationS, offset: this.#offset, bytes: png.size })
    this.#offset += png.size
  }

  async finish(): Promise<void> {
    await this.#writing
    await this.#to.write(indexOf(this.#entries), this.#offset)
    await this.#to.close()
    this.#isDone = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing.catch(() => undefined)
    if (this.#isDone) return
    this.#isDone = true
    await this.#to.abandon()
  }
}

function indexOf(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(entries.length * ENTRY_BYTES + FOOTER_BYTES))
  entries.forEach(({ timeS, durationS, offset, bytes }, i) => {
    const at = i * ENTRY_BYTES
    view.setFloat64(at, timeS, true)
    view.setFloat64(at + 8, durationS, true)
    view.setFloat64(at + 16, offset, true)
    view.setUint32(at + 24, bytes, true)
  })
  view.setUint32(entries.length * ENTRY_BYTES, entries.length, true)
  view.setUint32(entries.length * ENTRY_BYTES + 4, MARK, true)
  return new Uint8Array(view.buffer)
}

/** The pictures of these segments one after another. */
export async function keptPictures(segments: readonly Blob[]): Promise<KeptPicture[]> {
  return (await Promise.all(segments.map(picturesOf))).flat()
}

async function picturesOf(segment: Blob): Promise<KeptPicture[]> {
  const read = async (from: number, to: number) => new DataView(await segment.slice(from, to).arrayBuffer())
  const end = segment.size - FOOTER_BYTES
  const footer = end < 0 ? undefined : await read(end, segment.size)
  if (footer?.getUint32(4, true) !== MARK) throw new Error('This segment of pictures is not whole.')
  const count = footer.getUint32(0, true)
  const index = await read(end - count * ENTRY_BYTES, end)
  return Array.from({ length: count }, (_, i) => {
    const at = i * ENTRY_BYTES
    const offset = index.getFloat64(at + 16, true)
    const png = segment.slice(offset, offset + index.getUint32(at + 24, true), 'image/png')
    return { timeS: index.getFloat64(at, true), durationS: index.getFloat64(at + 8, true), png }
  })
}

function scaledCanvas(pixels: Pixels, maxWidth: number): OffscreenCanvas {
  const { width, height, data } = pixels
  const canvas = new OffscreenCanvas(width, height)
  const context = contextOf(canvas)
  context.putImageData(new ImageData(data, width, height), 0, 0)
  if (width <= maxWidth) return canvas
  const size = scaledSize(width, height, maxWidth)
  const scaled = new OffscreenCanvas(size.width, size.height)
  const to = contextOf(scaled)
  to.imageSmoothingQuality = 'high'
  to.drawImage(canvas, 0, 0, size.width, size.height)
  return scaled
}

/** The same shape, at most `maxWidth` wide; whole px. */
export function scaledSize(
  width: number,
  height: number,
  maxWidth: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, maxWidth / width)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })
  if (!context) throw new Error('This browser offers no 2-D drawing.')
  return context
}
