/** A clip to be swapped, from the queue to its end. Types only: the page, the job thread and the journal share them. */
import type { Look } from '../studio/look'
import type { Cast, Person } from './cast'

/** A part of a clip, seconds on the clip's own clock (its first frame may not be at 0). */
export interface Span {
  readonly fromS: number
  readonly toS: number
}

export type Quality = 'high' | 'medium' | 'small'

export type OutputFormat =
  | { readonly kind: 'mp4' | 'webm'; readonly quality: Quality }
  | { readonly kind: 'gif'; readonly width: number; readonly fps: number }
  | { readonly kind: 'png' } // every frame, as a zip

/** A source as a job carries it: deleting it from the tray changes nothing about a job. */
export interface JobSource {
  readonly id: string
  readonly name: string
  readonly picture: Blob
  readonly landmarks: Float32Array<ArrayBuffer> // 468 × (x, y, z), px of the picture
}

/** Everything that decides what comes out. */
export interface ClipSettings {
  /** `mirror`, `split` and `showMesh` do not count in a clip. */
  readonly look: Look
  readonly cast: Cast
  readonly people: readonly Person[]
  readonly sources: readonly JobSource[]
  /** The part to work on; undefined is the whole clip. */
  readonly span: Span | undefined
  /** What becomes of the rest: left out, or kept as it was filmed. */
  readonly outside: 'cut' | 'keep'
  readonly output: OutputFormat
  /** A small picture of the clip, to know its job by. It decides nothing. */
  readonly poster?: Blob
}

export type JobState =
  | { readonly name: 'waiting' }
  | { readonly name: 'running' }
  /** By the person (`reason` undefined), or because of an error that words/errors.ts has a sentence for; it can go on. */
  | { readonly name: 'paused'; readonly reason: string | undefined; readonly detail: string }
  | { readonly name: 'done'; readonly libraryId: string }
  /** It cannot go on: the file is no video, say. Retrying begins anew. */
  | { readonly name: 'failed'; readonly reason: string; readonly detail: string }

export interface JobProgress {
  /** 'reading' an odd format with ffmpeg, 'swapping', 'finishing' the file. */
  readonly phase: 'reading' | 'swapping' | 'finishing'
  readonly done: number // 0..1 of the whole job
  readonly frames: number // swapped so far
  readonly totalFrames: number // as far as is known
  readonly fps: number // of the last seconds
  readonly leftS: number | undefined // an estimate, once there is one
}

export interface ClipJob {
  readonly id: string
  readonly name: string // the file's
  readonly bytes: number
  readonly addedAt: number // epoch milliseconds
  /** Jobs run in ascending order. */
  readonly position: number
  readonly settings: ClipSettings
  readonly state: JobState
  readonly progress: JobProgress | undefined
  /** Things a person should know about the result: the file broke off early, an audio track was left out… (names from words/errors.ts) */
  readonly warnings: readonly string[]
}
