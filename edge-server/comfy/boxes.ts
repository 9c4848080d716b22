/** The boxes of this server: which answer, how busy they are, and which one takes the next job. */
import type { Comfy, ObjectInfo } from './comfy'

export interface BoxConfig {
  /** For people and in the journal; from the address unless given. */
  readonly name: string
  readonly url: string
  /** Prompts of ours at once on this box. */
  readonly concurrency: number
}

export type BoxHealth =
  | { readonly name: 'unknown' } // not asked yet
  | { readonly name: 'up'; readonly version: string; readonly objectInfo: ObjectInfo }
  | { readonly name: 'down'; readonly reason: string; readonly sinceMs: number; readonly nextTryMs: number }

export interface Box {
  readonly name: string
  readonly health: BoxHealth
  /** Prompts on it of everybody, when last asked. */
  readonly load: number
  /** Places of ours that are taken, and how many there are. */
  readonly taken: number
  readonly concurrency: number
}

/** A place on a box, held while a job is there. */
export interface Place extends Disposable {
  readonly comfy: Comfy
  readonly objectInfo: ObjectInfo
}

export type Choice =
  | { readonly name: 'place'; readonly place: Place }
  /** All boxes that could take it are full. */
  | { readonly name: 'busy' }
  /** None configured, or none answers. */
  | { readonly name: 'none' }
  /** None of those that answer can run it; what the nearest lacks is the caller's to find. */
  | { readonly name: 'unfit' }

export interface Boxes {
  readonly list: readonly Box[]
  /** A place on the least loaded box that answers and `fits`. */
  choose(fits: (objectInfo: ObjectInfo, box: string) => boolean): Choice
  /** The place on a certain box, where a prompt already is; undefined where no such box is configured. Does not wait for health. */
  at(box: string): Place | undefined
  /** Tells that a call to a box failed, so that it is asked for its health at once. */
  suspect(box: string): void
  /** Asks all boxes now, also for nodes and models that are new since. */
  refresh(signal: AbortSignal): Promise<void>
  /** Hears when a box comes, goes, or has a free place. */
  watch(listener: () => void): Disposable
  close(): Promise<void>
}
