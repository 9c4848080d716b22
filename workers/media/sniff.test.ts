import { readFileSync } from 'node:fs'
import { expect, inject, test } from 'vitest'
import type { ClipName } from '../../tests/media/clip-recipes'
import { type Container, sniff, sniffBytes } from './sniff'

const clips = inject('clips')
const KINDS: readonly (readonly [ClipName, Container])[] = [
  ['mp4', 'mp4'],
  ['fragmented', 'mp4'],
  ['headless', 'mp4'],
  ['mov', 'mov'],
  ['webm', 'webm'],
  ['mkv', 'mkv'],
  ['transport', 'mpeg-ts'],
  ['mpeg', 'mpeg-ps'],
  ['avi', 'avi'],
  ['flv', 'flv'],
  ['wmv', 'asf'],
  ['theora', 'ogg'],
  ['notVideo', 'unknown'],
  ['empty', 'empty'],
]

test.for(KINDS.filter(([name]) => clips[name]))('%s is %s, whatever it is called', async ([name, kind]) => {
  expect(await sniff(new Blob([readFileSync(clips[name]!.path)]))).toBe(kind)
})

const bytes = (text: string, ...rest: readonly number[]) =>
  Uint8Array.from([...Array.from(text, (letter) => letter.charCodeAt(0)), ...rest])
const brand = (...brands: readonly string[]) =>
  bytes(
    `\0\0\0${String.fromCharCode(8 + 4 * (brands.length + 1))}ftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`,
  )

test.for([
  [bytes('GIF89a'), 'gif'],
  [Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), 'jpg'],
  [bytes('\x89PNG\r\n\x1a\n'), 'png'],
  [bytes('RIFF\x10\0\0\0WEBPVP8 '), 'webp'],
  [bytes('RIFF\x10\0\0\0WAVEfmt '), 'audio'],
  [bytes('BM\x36\x10\0\0\0\0\0\0\x36'), 'bmp'],
  [brand('avif', 'mif1'), 'avif'],
  [brand('mif1', 'avif'), 'avif'],
  [brand('heic', 'mif1'), 'heic'],
  [brand('M4A ', 'isom'), 'audio'],
  [brand('3gp5', 'isom'), 'mp4'],
  [bytes('ID3\x04'), 'audio'],
  [Uint8Array.of(0xff, 0xfb, 0x90, 0x64), 'audio'],
  [bytes(`OggS\0\x02${'\0'.repeat(22)}OpusHead`), 'audio'],
  [bytes('\0\0\0\x08wide\0\0\0\0mdat'), 'mov'],
  [bytes('<!doctype html>'), 'unknown'],
  [bytes('G'), 'unknown'],
] as const)('%s is %s', ([head, kind]) => {
  expect(sniffBytes(head)).toBe(kind)
})
