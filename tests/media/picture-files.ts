/** Picture files of the kinds that people have and canvases cannot write. */
import type { Pixels } from '../../models/pixels'
import { paletteOf } from '../../workers/media/gif-palette'
import { GifStream } from '../../workers/media/gif-stream'

export function canvasOf({ width, height, data }: Pixels): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0)
  return canvas
}

/** 24 bits, bottom row first, rows padded to four bytes. */
export function bmpOf({ width, height, data }: Pixels): Blob {
  const stride = Math.ceil((width * 3) / 4) * 4
  const view = new DataView(new ArrayBuffer(54 + stride * height))
  view.setUint16(0, 0x424d)
  view.setUint32(2, view.byteLength, true)
  view.setUint32(10, 54, true)
  view.setUint32(14, 40, true)
  view.setInt32(18, width, true)
  view.setInt32(22, height, true)
  view.setUint16(26, 1, true)
  view.setUint16(28, 24, true)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++) {
        const value = data[4 * (y * width + x) + 2 - channel] ?? 0
        view.setUint8(54 + (height - 1 - y) * stride + 3 * x + channel, value)
      }
  return new Blob([view.buffer], { type: 'image/bmp' })
}

/** An animated GIF of these pictures. */
export function gifOf(pictures: readonly Pixels[]): Blob {
  const [first] = pictures
  if (!first) throw new Error('A GIF needs a picture.')
  const stream = new GifStream(first.width, first.height, paletteOf(pictures))
  const frames = pictures.map((picture) => stream.add(picture, 10))
  return new Blob([stream.head(), ...frames, stream.tail()], { type: 'image/gif' })
}

/** The same JPEG with an Exif segment that says: turn it a quarter to the right. */
export function turnedJpeg(jpeg: Blob): Blob {
  const exif = new Uint8Array([
    ...[0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x49, 0x49, 0x2a, 0, 8, 0, 0, 0],
    ...[1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0],
  ])
  return new Blob([jpeg.slice(0, 2), exif, jpeg.slice(2)], { type: 'image/jpeg' })
}

/** Only the head of a PNG, of this size. */
export function pngHead(width: number, height: number): Blob {
  const bytes = new Uint8Array(33)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82])
  new DataView(bytes.buffer).setUint32(16, width)
  new DataView(bytes.buffer).setUint32(20, height)
  return new Blob([bytes])
}
