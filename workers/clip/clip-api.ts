/** What the page may ask of the clip thread: one open clip or still, looked at, scanned and tried out. Types only. */
import type { ClipInfo } from '../media/clip-info'
import type { Look } from '../studio/look'
import type { Capabilities, SourceFace } from '../studio/studio-api'
import type { Cast, Person } from './cast'
import type { OutputFormat, Span } from './clip-job'

/** A person as the page shows them. */
export interface FoundPerson extends Person {
  /** The largest and most frontal of their faces, square, about 160 px. The page closes it. */
  readonly thumbnail: ImageBitmap
  readonly seenS: number // how long they are in the picture
}

export interface ScanResult {
  readonly people: readonly FoundPerson[]
  /** How people were told apart. */
  readonly by: 'recognition' | 'track'
}

export type ClipEvent =
  /** The picture shown now is this moment's. `busy` while a newer one is on its way. */
  | { readonly name: 'shown'; readonly timeS: number; readonly faces: number; readonly busy: boolean }
  | { readonly name: 'playing'; readonly isPlaying: boolean }
  /** A new canvas is wanted (the old one's kind cannot change): make one and call `show`. */
  | { readonly name: 'canvas-wanted' }
  | { readonly name: 'notice'; readonly notice: string; readonly detail: string }

export type StillFormat = 'image/png' | 'image/jpeg' | 'image/webp'

/** What was opened: a clip, or a still picture. */
export type Opened =
  | { readonly kind: 'clip'; readonly info: ClipInfo }
  | { readonly kind: 'still'; readonly width: number; readonly height: number }

export interface ClipApi {
  /** Loads the models and measures the machine, unless `remembered` holds what was measured on it before. Call once. */
  open(onEvent: (event: ClipEvent) => void, remembered: Capabilities | undefined): Promise<Capabilities>
  /** Presents on this canvas from now on. */
  show(canvas: OffscreenCanvas): Promise<void>
  /**
   * Opens a clip or a still and shows its first picture; what was open before is closed. `onProgress` (0..1) is called
   * only while ffmpeg has to convert it. Rejects with a named Error, and what was open before stays open then.
   */
  load(file: File, onProgress: (done: number) => void, signal: AbortSignal): Promise<Opened>
  unload(): Promise<void>
  /** Shows this moment; the newest call wins. */
  seek(timeS: number): Promise<void>
  /** Plays from there, as fast as the clip or as this machine can (frames are passed over); silent. */
  play(fromS: number, toS: number): Promise<void>
  pause(): Promise<void>
  setLook(look: Look): Promise<void>
  setCast(cast: Cast, people: readonly Person[]): Promise<void>
  /** A source by its id; undefined forgets it. */
  putSource(id: string, source: SourceFace | undefined): Promise<void>
  /** Small pictures spread evenly over the clip, for the timeline; `onPicture` gets each as it comes and closes it. */
  filmstrip(
    count: number,
    heightPx: number,
    onPicture: (index: number, image: ImageBitmap) => void,
    signal: AbortSignal,
  ): Promise<void>
  /** Who is in the clip. `onProgress` 0..1. */
  scan(span: Span | undefined, onProgress: (done: number) => void, signal: AbortSignal): Promise<ScanResult>
  /** About how many bytes this export will have. */
  estimateBytes(output: OutputFormat, span: Span | undefined, signal: AbortSignal): Promise<number>
  /** The still, or the frame now shown, swapped at its full size, with provenance inside. */
  saveStill(format: StillFormat): Promise<Blob>
  /** Breaks the GPU device on purpose, to see it recover. */
  loseDevice(): Promise<void>
  close(): Promise<void>
}
