import { GIFEncoder } from 'gifenc'
import type { Pixels } from '../../models/pixels'
import { AS_BEFORE, PaletteMap } from './gif-palette'
import { XMP } from './provenance'

/**
 * A pixel that has changed by no more than this in any channel since it was drawn stays: noise that nobody sees would be
 * most of the file.
 */
const UNSEEN = 4

const LEAVE = 1 // GIF's disposal method: the next picture goes on top

/** Pictures of one size and palette to the bytes of a GIF, one after another. */
export class GifStream {
  readonly #width: number
  readonly #height: number
  readonly #palette: Uint8Array
  readonly #map: PaletteMap
  readonly #encoder = GIFEncoder({ auto: false, initialCapacity: 1 << 16 })
  readonly #index: Uint8Array
  /** What is drawn at each pixel; undefined before the first picture. */
  #drawn: Uint8ClampedArray | undefined

  /** `palette`: red, green, blue of at most 255 colours. */
  constructor(width: number, height: number, palette: Uint8Array) {
    this.#width = width
    this.#height = height
    this.#palette = palette
    this.#map = new PaletteMap(palette)
    this.#index = new Uint8Array(width * height)
  }

  /** Comes first: size, colours, that it repeats for ever, and its provenance (XMP specification part 3, 1.1.2). */
  head(): Uint8Array<ArrayBuffer> {
    const xmp = new TextEncoder().encode(XMP)
    const out: number[] = [...ascii('GIF89a')]
    out.push(this.#width & 255, this.#width >> 8, this.#height & 255, this.#height >> 8, 0xf7, 0, 0)
    for (let i = 0; i < 768; i++) out.push(this.#palette[i] ?? 0)
    out.push(0x21, 0xff, 11, ...ascii('NETSCAPE2.0'), 3, 1, 0, 0, 0)
    out.push(0x21, 0xff, 11, ...ascii('XMP DataXMP'), ...xmp)
    // The packet is no sequence of blocks: wherever a reader comes out of it, these lead it to the end.
    out.push(1)
    for (let i = 255; i >= 0; i--) out.push(i)
    out.push(0)
    return Uint8Array.from(out)
  }

  /** The next picture, shown for this many hundredths of a second. */
  add(pixels: Pixels, centiseconds: number): Uint8Array<ArrayBuffer> {
    this.#fill(pixels)
    this.#encoder.reset()
    this.#encoder.writeFrame(this.#index, this.#width, this.#height, {
      transparent: true,
      transparentIndex: AS_BEFORE,
      delay: centiseconds * 10,
      dispose: LEAVE,
    })
    return this.#encoder.bytes()
  }

  /** Comes last. */
  tail(): Uint8Array<ArrayBuffer> {
    return Uint8Array.of(0x3b)
  }

  #fill({ width, height, data }: Pixels): void {
    if (width !== this.#width || height !== this.#height) throw new RangeError('The pictures differ in size.')
    const before = this.#drawn
    const drawn = before ?? new Uint8ClampedArray(data.length)
    this.#drawn = drawn
    // Indices are in range by construction.
    for (let y = 0, i = 0, at = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++, at += 4) {
        const r = data[at] as number
        const g = data[at + 1] as number
        const b = data[at + 2] as number
        const isSeen =
          !before ||
          Math.abs(r - (drawn[at] as number)) > UNSEEN ||
          Math.abs(g - (drawn[at + 1] as number)) > UNSEEN ||
          Math.abs(b - (drawn[at + 2] as number)) > UNSEEN
        this.#index[i] = isSeen ? this.#map.at(x, y, r, g, b) : AS_BEFORE
        if (!isSeen) continue
        drawn[at] = r
        drawn[at + 1] = g
        drawn[at + 2] = b
      }
  }
}

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))
