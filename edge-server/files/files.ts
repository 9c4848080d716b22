/** Files that people sent and jobs made, by content: the same bytes are kept once, under their SHA-256. */
import type { Readable } from 'node:stream'

export type FileKind = 'image' | 'video' | 'audio'

export interface StoredFile {
  /** SHA-256 of the bytes, lower-case hex. */
  readonly id: string
  readonly kind: FileKind
  readonly type: string // MIME, as sniffed from the bytes
  readonly bytes: number
  /** What the person called it, made harmless; for people, never a path. */
  readonly name: string
  /** When it was last sent or made. */
  readonly addedMs: number
}

export interface AddedFile extends StoredFile {
  /** False where the same bytes were kept already. */
  readonly isNew: boolean
}

export interface FileLimits {
  /** Bytes of everything kept, together with what is being received. */
  readonly quotaBytes: number
  /** Bytes of the disk that are left to others. Default 256 MiB. */
  readonly spareBytes?: number
}

export type ByteSource = ReadableStream<Uint8Array> | Readable | AsyncIterable<Uint8Array>

export interface NewFile {
  /**
   * Read to its end; cancelled, destroyed or returned from where the file is refused. A stream is also given up as soon as the signal
   * aborts; any other iterable has to end by itself then.
   */
  readonly stream: ByteSource
  /** As the person called it; may be hostile. */
  readonly name: string
  readonly accept: readonly FileKind[]
  readonly maxBytes: number
}

export interface Files {
  /**
   * Streams to disk, hashes, sniffs; nothing stays of a file that is refused. Throws a Refusal: Empty, TooLarge, UnsupportedMedia, DiskFull,
   * QuotaExceeded.
   */
  add(file: NewFile, signal: AbortSignal): Promise<AddedFile>
  /** Takes over a file that is complete on the same disk (a resumed upload), with the same checks; one that is refused is removed. */
  adopt(path: string, file: Omit<NewFile, 'stream'>, signal: AbortSignal): Promise<AddedFile>
  find(id: string): Promise<StoredFile | undefined>
  /**
   * The bytes, or those from `start` to `end` (both inclusive). The file is opened with the first read, and closed at the end, on an error
   * and when the stream is cancelled. Throws, or ends the stream with, an Error named FileGoneError.
   */
  read(id: string, range?: { readonly start: number; readonly end: number }): ReadableStream<Uint8Array>
  list(): AsyncIterable<StoredFile>
  /** Where `addedBeforeMs` is given, a file that was added again since stays. Unknown ids are no error. */
  remove(id: string, addedBeforeMs?: number): Promise<void>
  /** Bytes on disk, of everything kept. */
  usage(): Promise<number>
}
