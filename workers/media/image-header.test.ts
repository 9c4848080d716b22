import { expect, test } from 'vitest'
import { readImageHeader } from './image-header'

const text = (value: string) => [...value].map((letter) => letter.charCodeAt(0))
const u16 = (n: number) => [n >> 8, n & 255]
const u32 = (n: number) => [...u16(n >>> 16), ...u16(n & 0xffff)]
const le16 = (n: number) => u16(n).reverse()
const le32 = (n: number) => u32(n).reverse()
const read = (...parts: number[][]) => readImageHeader(new Uint8Array(parts.flat()))

const exif = (orientation: number) => {
  const body = [
    ...text('Exif\0\0II'),
    ...le16(42),
    ...le32(8),
    ...le16(1),
    ...le16(0x112),
    ...le16(3),
    ...le32(1),
    ...le16(orientation),
    ...le16(0),
  ]
  return [0xff, 0xe1, ...u16(body.length + 2), ...body]
}
const jpeg = (...segments: number[][]) =>
  read([0xff, 0xd8], ...segments, [0xff, 0xc2, ...u16(17), 8, ...u16(480), ...u16(640)])

test('a JPEG tells its size behind any segments, and is turned as its Exif says', () => {
  expect(jpeg([0xff, 0xe0, ...u16(4), 0, 0])).toEqual({ kind: 'jpeg', size: { width: 640, height: 480 } })
  expect(jpeg(exif(3)).size).toEqual({ width: 640, height: 480 })
  expect(jpeg(exif(6)).size).toEqual({ width: 480, height: 640 })
  // A thumbnail with a size of its own hides inside the segment, and the Huffman marker is no frame header.
  const hidden = [0xff, 0xe2, ...u16(8), 0xff, 0xc0, 0, 17, 8, 1]
  expect(jpeg(hidden, [0xff, 0xc4, ...u16(4), 1, 1], exif(8)).size).toEqual({ width: 480, height: 640 })
})

test('PNG, GIF and BMP tell their size', () => {
  expect(read(text('\x89PNG\r\n\x1a\n'), u32(13), text('IHDR'), u32(10000), u32(10001))).toEqual({
    kind: 'png',
    size: { width: 10000, height: 10001 },
  })
  expect(read(text('GIF89a'), le16(1), le16(1), [0, 0, 0])).toEqual({
    kind: 'gif',
    size: { width: 1, height: 1 },
  })
  expect(read(text('BM'), Array(16).fill(0), le32(300), le32(-200))).toEqual({
    kind: 'bmp',
    size: { width: 300, height: 200 },
  })
})

test('all three kinds of WebP tell their size', () => {
  const riff = [...text('RIFF'), ...le32(0), ...text('WEBP')]
  const extended = [...text('VP8X'), ...le32(10), 0, 0, 0, 0, ...[0xff, 0x0f, 0], ...[0xff, 0x07, 0]]
  expect(read(riff, extended).size).toEqual({ width: 4096, height: 2048 })
  const lossless = [...text('VP8L'), ...le32(10), 0x2f, ...le32(((300 - 1) << 14) | (400 - 1))]
  expect(read(riff, lossless).size).toEqual({ width: 400, height: 300 })
  const lossy = [...text('VP8 '), ...le32(10), 0, 0, 0, 0x9d, 0x01, 0x2a, ...le16(320), ...le16(240)]
  expect(read(riff, lossy).size).toEqual({ width: 320, height: 240 })
})

test('AVIF tells its largest picture; HEIC, video and SVG are known by sight', () => {
  const box = (brand: string) => [...u32(24), ...text('ftyp'), ...text(brand), ...u32(0), ...text('mif1')]
  const ispe = (width: number, height: number) => [
    ...u32(20),
    ...text('ispe'),
    ...u32(0),
    ...u32(width),
    ...u32(height),
  ]
  expect(read(box('avif'), ispe(160, 120), ispe(4000, 3000), ispe(512, 512))).toEqual({
    kind: 'avif',
    size: { width: 4000, height: 3000 },
  })
  expect(read(box('heic'), ispe(3024, 4032)).kind).toBe('heic')
  expect(read(u32(24), text('ftypisom')).kind).toBe('video')
  expect(read(text('<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="x">')).kind).toBe('svg')
  expect(read(text('<html><svg>')).kind).toBeUndefined()
})

test('a header cut short has no size but does not throw', () => {
  expect(read([0xff, 0xd8, 0xff, 0xe0, 0, 16])).toEqual({ kind: 'jpeg', size: undefined })
  expect(read(text('\x89PNG\r\n\x1a\n'))).toEqual({ kind: 'png', size: undefined })
  expect(readImageHeader(new Uint8Array())).toEqual({ kind: undefined, size: undefined })
})
