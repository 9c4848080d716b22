/** A recording or a result that is kept on this device. Types only. */
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
  readonly thumbnail: Blob | undefined
  /** A recording that is being written, or was when the page died ('recording'); everything else is 'whole'. */
  readonly state: 'whole' | 'recording'
}

export interface StorageUse {
  readonly usedBytes: number
  readonly freeBytes: number | undefined
  /** The browser promised not to clear it by itself. */
  readonly persisted: boolean
}

export interface LibraryApi {
  /** Newest first. `onChange` is called whenever anything about the list has changed, in whichever thread or tab. */
  open(onChange: () => void): Promise<void>
  list(): Promise<readonly LibraryItem[]>
  file(id: string): Promise<File>
  rename(id: string, name: string): Promise<void>
  /** For good. */
  remove(id: string): Promise<void>
  use(): Promise<StorageUse>
}
