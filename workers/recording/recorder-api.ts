/** What the page may ask of the recorder thread, and what it hears back. Types only: both sides import this file. */
import type { LibraryItem } from '../library/library-item'

export type RecordingFormat = 'mp4' | 'webm'

/** A microphone, as the browser offers it: a stream of AudioData, or a port on which an AudioWorklet posts `HeardPiece`s. */
export interface SoundFeed {
  readonly pieces: ReadableStream<AudioData> | MessagePort
  readonly sampleRate: number // Hz
  readonly channels: number
}

/** A piece of sound from an AudioWorklet. */
export interface HeardPiece {
  readonly channels: readonly Float32Array<ArrayBuffer>[]
  readonly sampleRate: number // Hz
  readonly timestampUs: number // on a clock of its own
}

export interface RecordingSettings {
  readonly name: string // as the library shows it
  readonly format: RecordingFormat
}

export type RecordingEvent =
  /** Four times a second, from the first picture on. */
  | {
      readonly name: 'progress'
      readonly elapsedS: number
      readonly bytes: number // in the file so far
      readonly dropped: number // pictures passed over because the recorder was behind
    }
  /** It has ended; the finished file is being made. */
  | { readonly name: 'saving'; readonly done: number } // 0..1
  /** It is over and the file is closed; `item` is undefined when there was no picture. `reason`: why it ended by itself. */
  | {
      readonly name: 'ended'
      readonly item: LibraryItem | undefined
      readonly reason: string | undefined
      readonly detail: string
    }

export interface RecorderApi {
  /**
   * Records the pictures that come through the port (of a PictureTap) and the sound, if any, until `stop` or until the
   * storage is full. The first picture is its beginning. Takes port and stream over. Rejects with a named Error.
   */
  start(
    settings: RecordingSettings,
    pictures: MessagePort,
    sound: SoundFeed | undefined,
    onEvent: (event: RecordingEvent) => void,
  ): Promise<void>
  /** Resolves when 'ended' was said. */
  stop(): Promise<void>
  /** Recordings whose thread or browser died, oldest first, with what is left of them. */
  interrupted(): Promise<readonly LibraryItem[]>
  /** Makes an item like any other of an interrupted recording. */
  keep(id: string): Promise<LibraryItem>
  /** Takes them out of the library; for good after UNDO_MS. */
  remove(ids: readonly string[]): Promise<void>
  /** Takes a `remove` back. */
  restore(ids: readonly string[]): Promise<void>
}
