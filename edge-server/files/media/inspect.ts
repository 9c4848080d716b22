/** What a complete file really is: its structure is read to the end, so that nothing else hides in it. */
import type { FileHandle } from 'node:fs/promises'
import { Refusal } from '../../errors'
import { malformed } from '../refusals'
import { readBmp } from './bmp'
import { readAvif, readMp4 } from './boxes'
import { type ByteReader, byteReader } from './byte-reader'
import { readMatroska } from './ebml'
import { readGif } from './gif'
import type { Inspected, Picture } from './inspected'
import { readJpeg } from './jpeg'
import { readPng } from './png'
import { readAvi, readWav, readWebp } from './riff'
import type { MediaFormat } from './sniff'
import { readFlac, readMp3, readOgg } from './sound'

const maxSide = 16_384
/** What the library that reads pictures on a box takes at most: a small file can hold a picture that fills its memory. */
const maxPixels = 178_956_970

const readers: Readonly<Record<MediaFormat, (file: ByteReader) => Promise<Inspected | Picture>>> = {
  png: readPng,
  jpeg: readJpeg,
  webp: readWebp,
  gif: readGif,
  bmp: readBmp,
  avif: readAvif,
  heic: async () => {
    throw new Refusal(
      415,
      'UnsupportedMedia',
      'HEIC pictures are understood by few programs. Save it as JPEG or PNG.',
    )
  },
  mp4: readMp4,
  matroska: readMatroska,
  avi: readAvi,
  mp3: readMp3,
  wav: readWav,
  ogg: readOgg,
  flac: readFlac,
}

/**
 * Reads a file of `size` bytes that begins as the format. Bytes after `end` are what a phone put behind a picture, to be cut off. Throws a
 * Refusal named UnsupportedMedia.
 */
export async function inspect(handle: FileHandle, size: number, format: MediaFormat): Promise<Inspected> {
  const media = await readers[format](byteReader(handle, size))
  if ('width' in media) checkSize(media)
  if (media.end > size) throw malformed('it ends too early')
  if (media.end < size && format !== 'jpeg') throw malformed('something follows its end')
  return media
}

function checkSize({ width, height }: Picture): void {
  if (width < 1 || height < 1) throw malformed('the picture has no size')
  if (width > maxSide || height > maxSide || width * height > maxPixels) {
    throw malformed(`${width} × ${height} pixels are too many`)
  }
}
