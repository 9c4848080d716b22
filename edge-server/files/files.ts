/** Files that people sent and jobs made, by content: the same bytes are kept once, under their SHA-256. */

export type FileKind = 'image' | 'video' | 'audio'

export interface StoredFile {
  /** SHA-256 of the bytes, lower-case hex. */
  readonly id: string
  readonly kind: FileKind
  readonly type: string // MIME, as sniffed from the bytes
  readonly bytes: number
  /** What the person called it, made harmless; for people, never a path. */
  readonly name: string
  readonly addedMs: number
}

export interface NewFile {
  readonly stream: ReadableStream<Uint8Array>
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
  add(file: NewFile, signal: AbortSignal): Promise<StoredFile>
  /** Takes over a file that is complete on the same disk (a resumed upload), with the same checks. */
  adopt(path: string, file: Omit<NewFile, 'stream'>, signal: AbortSignal): Promise<StoredFile>
  find(id: string): Promise<StoredFile | undefined>
  /** The bytes, or those from `start` to `end` (both inclusive). Throws an Error named FileGoneError. */
  read(id: string, range?: { readonly start: number; readonly end: number }): ReadableStream<Uint8Array>
  list(): AsyncIterable<StoredFile>
  remove(id: string): Promise<void>
  /** Bytes on disk, of everything kept. */
  usage(): Promise<number>
}
