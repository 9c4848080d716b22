/** The sentences with which files are turned away. */
import { Refusal } from '../errors'
import type { FileKind } from './files'

const kinds = {
  image: 'a picture (JPEG, PNG, WebP, GIF, BMP or AVIF)',
  video: 'a video (MP4, MOV, WebM, MKV or AVI)',
  audio: 'sound (MP3, WAV, OGG, FLAC or M4A)',
} as const satisfies Record<FileKind, string>

export const empty = () => new Refusal(400, 'Empty', 'The file is empty.')

export const tooLarge = (maxBytes: number) =>
  new Refusal(413, 'TooLarge', `The file is larger than ${megabytes(maxBytes)}, the most that is taken here.`)

export const unsupported = (accept: readonly FileKind[]) =>
  new Refusal(415, 'UnsupportedMedia', `This is not ${accept.map((kind) => kinds[kind]).join(' or ')}.`)

/** For a file that begins as what it claims to be, and then is not; `fault` ends the sentence. */
export const malformed = (fault: string) =>
  new Refusal(415, 'UnsupportedMedia', `The file is damaged, or not only what it seems to be: ${fault}.`)

export const quotaExceeded = () =>
  new Refusal(507, 'QuotaExceeded', 'The server keeps as many files as it may. Remove jobs that are done.')

export const diskFull = () =>
  new Refusal(
    507,
    'DiskFull',
    'The disk of the server is full. Remove jobs that are done, or make room on it.',
  )

export const silent = (ms: number) =>
  new Refusal(408, 'BadRequest', `Nothing more came for ${Math.round(ms / 1000)} seconds.`)

const megabytes = (bytes: number) =>
  bytes < 2 ** 20 ? `${bytes} bytes` : `${Math.floor(bytes / 2 ** 20)} MB`
