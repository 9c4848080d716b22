/** A recording or a result that is kept on this device, and what the page may ask of the library thread. */
export interface LibraryItem {
  readonly id: string
  readonly name: string // shown and used for downloads, without extension
  readonly kind: 'recording' | 'clip' | 'still' | 'gif' | 'frames'
  readonly type: string // media type of the file
  readonly addedAt: number // epoch milliseconds
  readonly bytes: number
  readonly durationS: number | undefined
  readonly width: number | undefined
  readonly height: number | undefined
  /** Left undefined, the library thread makes one, and fills in what else is undefined. */
  readonly thumbnail: Blob | undefined
  /**
   * A recording that is being written, or was when the page died ('recording'); everything else is 'whole'.
   * Records never say 'interrupted': `LibraryApi.list` does, of a recording that nobody writes any more.
   */
  readonly state: 'whole' | 'recording' | 'interrupted'
  /** Epoch milliseconds: deleted, and gone for good after UNDO_MS unless it is restored. */
  readonly deletedAt?: number | undefined
}

/** How long a deletion can be taken back. */
export const UNDO_MS = 10_000

export interface LibraryApi {
  /** Sets right what a crash left behind. `onChange` is called whenever the list may have changed, in whichever thread or tab. */
  open(onChange: () => void): Promise<void>
  /** Newest first. */
  list(): Promise<readonly LibraryItem[]>
  /** Under the name and of the type it leaves the library with. Rejects with a `LibraryFileMissingError` when it is gone. */
  file(id: string): Promise<File>
  /** What a zip of frames shows: its first picture, at full size; undefined where there is none. */
  firstFrame(id: string): Promise<Blob | undefined>
  /**
   * Keeps what our server has at `url` (a path of it) as an item called `name`. Rejects with a `LibraryFileMissingError` when the server
   * has it no longer, or a `QuotaExceededError`.
   */
  take(name: string, url: string): Promise<void>
  rename(id: string, name: string): Promise<void>
  /** Makes an interrupted recording an item like all others. Rejects with a `RecordingUnreadableError` when nothing in it plays. */
  keep(id: string): Promise<void>
  /** Takes them off the list at once; for good after UNDO_MS, even if the page is closed before. */
  remove(ids: readonly string[]): Promise<void>
  /** Takes a `remove` back. */
  restore(ids: readonly string[]): Promise<void>
}
