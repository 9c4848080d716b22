/** A workflow as the product knows it: a ComfyUI graph in API format, and the short list of what may be set in it. */
import type { Graph, ObjectInfo } from '../comfy/comfy'
import type { FileKind } from '../files/files'
import type { JobRequest, Missing, QualityTier } from '../jobs/job'

export interface InputDeclaration {
  readonly name: string
  readonly label: string
  readonly kind: Exclude<FileKind, 'audio'>
  readonly required: boolean
  readonly hint?: string
}

interface Named {
  readonly name: string
  readonly label: string
  readonly hint?: string
  /** Shown only when a person opens the advanced settings. */
  readonly advanced: boolean
}
export type ParameterDeclaration = Named &
  (
    | {
        readonly kind: 'text'
        readonly default: string
        readonly maxLength: number
        /** The text that leaves the workflow's own, where there is one. */
        readonly auto?: string
      }
    | {
        readonly kind: 'integer' | 'number'
        readonly default: number
        readonly min: number
        readonly max: number
        readonly step: number
        readonly unit?: string
        /** The value that leaves it to the quality, where there is one. */
        readonly auto?: number
      }
    /** A whole number; without one in the request a new one is drawn for each job. */
    | { readonly kind: 'seed'; readonly max: number }
    | {
        readonly kind: 'choice'
        readonly default: string
        readonly choices: readonly { readonly value: string; readonly label: string }[]
      }
    | { readonly kind: 'switch'; readonly default: boolean }
  )

/** What the API tells about a workflow. */
export interface WorkflowCard {
  readonly id: string // file name without .json
  readonly title: string
  /** One sentence: what it does. */
  readonly does: string
  /** The model that does it: "Wan 2.2 Animate 14B". */
  readonly model: string
  /** Sentences to read before it is used. */
  readonly notes: readonly string[]
  readonly inputs: readonly InputDeclaration[]
  readonly parameters: readonly ParameterDeclaration[]
  readonly outputs: readonly { readonly name: string; readonly kind: FileKind }[]
  readonly tiers: readonly { readonly name: QualityTier; readonly label: string }[]
  /** From a user's folder, not shipped. */
  readonly isOwn: boolean
}

export interface BuiltGraph {
  readonly graph: Graph
  /** Names of the declared outputs by the ids of the nodes that save them. */
  readonly outputs: ReadonlyMap<string, string>
  /** Words for people by node id ("Sampling"), for progress. */
  readonly doing: ReadonlyMap<string, string>
}

export interface Workflow {
  readonly card: WorkflowCard
  /** A request with every value checked and every default filled in. Throws a Refusal named BadRequest, one sentence per fault. */
  check(request: JobRequest): JobRequest
  /** What a box lacks for a request; empty where it can run. */
  missing(request: JobRequest, objectInfo: ObjectInfo): readonly Missing[]
  /**
   * The graph for one box. `files` are loader values by input name, as uploads returned them. Values go only where the declaration says;
   * none becomes a node, a class or a path. `runName` (ours) varies the names of outputs, so that nothing is answered from a cache.
   */
  build(
    request: JobRequest,
    files: Readonly<Record<string, string>>,
    objectInfo: ObjectInfo,
    runName: string,
  ): BuiltGraph
}

export interface Workflows {
  readonly list: readonly Workflow[]
  find(id: string): Workflow | undefined
  /** Sentences about files of a user's folder that are no workflows. */
  readonly faults: readonly string[]
}
