/** What the page may ask of the job thread: the queue of clips, worked off one after another. Types only. */
import type { Capabilities } from '../studio/studio-api'
import type { ClipJob, ClipSettings } from './clip-job'

export type JobsEvent =
  /** A job is new or has changed. */
  | { readonly name: 'job'; readonly job: ClipJob }
  | { readonly name: 'removed'; readonly id: string }
  | { readonly name: 'notice'; readonly notice: string; readonly detail: string }

/** Where the time of a job went, since it last began or went on. */
export interface JobStats {
  readonly wallMs: number
  /** Milliseconds altogether, and how often, by stage. What overlaps with something else only counts what was waited for. */
  readonly stages: Readonly<Record<string, { readonly ms: number; readonly count: number }>>
}

export interface JobsApi {
  /**
   * Every job of this device, in order; what was running when the page died is 'paused' with the reason 'InterruptedError'
   * and goes on by `resume`. Only one tab works on the queue at a time; in another tab jobs are shown and wait.
   */
  open(onEvent: (event: JobsEvent) => void, remembered: Capabilities | undefined): Promise<readonly ClipJob[]>
  /** Copies the file to this device's storage, so that the job outlives the page, and puts it at the end. Starts when its turn comes. */
  add(
    file: File,
    settings: ClipSettings,
    onCopied: (done: number) => void,
    signal: AbortSignal,
  ): Promise<ClipJob>
  pause(id: string): Promise<void>
  resume(id: string): Promise<void>
  /** From the beginning, with other settings if given. */
  retry(id: string, settings?: ClipSettings): Promise<void>
  /** Stops it and forgets everything about it but a finished result in the library. */
  remove(id: string): Promise<void>
  /** Moves it before another one; undefined: to the end. */
  move(id: string, beforeId: string | undefined): Promise<void>
  /** Of a job that has ended in this very thread. */
  stats(id: string): Promise<JobStats | undefined>
  /** Breaks the GPU device on purpose, to see what becomes of the job. */
  loseDevice(): Promise<void>
  close(): Promise<void>
}
