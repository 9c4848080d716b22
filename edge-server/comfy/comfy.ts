/** What a ComfyUI box can be asked, and what it says. Everything it sends has passed a schema before it gets here. */

/** A workflow in API format: nodes by id. */
export type Graph = Readonly<Record<string, GraphNode>>
export interface GraphNode {
  readonly class_type: string
  readonly inputs: Readonly<Record<string, GraphValue>>
  readonly _meta?: { readonly title?: string }
}
export type GraphValue =
  | string
  | number
  | boolean
  | null
  | readonly GraphValue[]
  | { readonly [key: string]: GraphValue }

/** Node classes of a box, as in /object_info, reduced to what a check needs. */
export type ObjectInfo = ReadonlyMap<string, NodeInfo>
export interface NodeInfo {
  readonly inputs: ReadonlyMap<string, InputInfo>
  readonly isOutput: boolean
}
export interface InputInfo {
  readonly type: string // 'INT', 'IMAGE', … 'COMBO' for a choice
  readonly required: boolean
  /** What a choice offers; model files among them. */
  readonly choices: readonly (string | number | boolean)[] | undefined
  readonly min: number | undefined
  readonly max: number | undefined
}

/** A file on a box. */
export interface BoxFile {
  readonly filename: string
  readonly subfolder: string
  readonly type: 'input' | 'output' | 'temp'
}

export interface NodeOutput {
  readonly nodeId: string
  readonly file: BoxFile
}

/** How a prompt ended, read from the box's history. */
export type Outcome =
  | { readonly name: 'succeeded'; readonly outputs: readonly NodeOutput[] }
  /** `nodeType` and the box's own short message; never its traceback. */
  | { readonly name: 'failed'; readonly nodeType: string; readonly message: string }
  | { readonly name: 'interrupted' }

/** Where a prompt is. */
export type Whereabouts =
  | { readonly name: 'pending' | 'running' | 'unknown' }
  | { readonly name: 'ended'; readonly outcome: Outcome }

/** What a prompt does while it runs. */
export type PromptEvent =
  | { readonly kind: 'started' }
  | { readonly kind: 'node'; readonly nodeId: string }
  | { readonly kind: 'progress'; readonly nodeId: string; readonly value: number; readonly max: number }
  /** Nodes that need no work, because their results are still there. */
  | { readonly kind: 'cached'; readonly nodeIds: readonly string[] }
  | { readonly kind: 'preview'; readonly type: 'image/jpeg' | 'image/png'; readonly bytes: Uint8Array }

export interface NodeError {
  readonly nodeId: string
  readonly classType: string
  readonly input: string | undefined
  /** The box's kind of error: value_not_in_list, required_input_missing, … */
  readonly type: string
  readonly message: string
}

/**
 * One box. All calls take a signal and reject with errors named
 * - BoxUnreachableError: no connection, it broke, or no answer in time;
 * - BoxAnswerError: an answer that is not what ComfyUI answers (wrong status, type, shape or size);
 * - BoxRefusedError: it turned a prompt or an upload down (see `RefusedError`).
 */
export interface Comfy {
  readonly name: string
  /** Loads of the box: prompts running and pending, of everybody. */
  load(signal: AbortSignal): Promise<number>
  version(signal: AbortSignal): Promise<string>
  objectInfo(signal: AbortSignal): Promise<ObjectInfo>
  /** Streams a file to the box's input folder; returns the value for a loader node ("sub/name.mp4"). */
  upload(file: OutgoingFile, signal: AbortSignal): Promise<string>
  /** Sends a prompt under our id. Resolves when the box has taken it. */
  submit(graph: Graph, promptId: string, signal: AbortSignal): Promise<void>
  whereabouts(promptId: string, signal: AbortSignal): Promise<Whereabouts>
  /**
   * Follows a prompt that was submitted, until it has ended or the box has lost it ('unknown'). Survives broken connections for as long
   * as the box answers; rejects with BoxUnreachableError when it does not for `patienceMs`.
   */
  follow(
    promptId: string,
    hear: (event: PromptEvent) => void,
    options: { readonly patienceMs: number; readonly signal: AbortSignal },
  ): Promise<Whereabouts & { readonly name: 'ended' | 'unknown' }>
  /** Takes a pending prompt off the queue, or interrupts it if it is the one that runs. Never touches another prompt. */
  cancel(promptId: string, signal: AbortSignal): Promise<void>
  /** The bytes of an output, streamed. Resumes a broken download by range where it can. */
  download(
    file: BoxFile,
    signal: AbortSignal,
  ): Promise<{ readonly stream: ReadableStream<Uint8Array>; readonly bytes: number | undefined }>
  /** Removes a prompt from the history, where it would keep its results in memory. */
  forget(promptId: string, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

export interface OutgoingFile {
  /** Name on the box; ours, never a user's. */
  readonly name: string
  readonly bytes: number
  readonly type: string // MIME
  /** May be called again when an upload is repeated. */
  readonly open: () => ReadableStream<Uint8Array>
}

/** A prompt the box would not run. */
export class RefusedError extends Error {
  readonly nodeErrors: readonly NodeError[]
  override readonly name = 'BoxRefusedError'

  constructor(message: string, nodeErrors: readonly NodeError[] = []) {
    super(message)
    this.nodeErrors = nodeErrors
  }
}
