/** Sentences about what went wrong on a box, for people. No path, address, traceback or secret of a box gets through. */
import type { Graph, NodeError, Outcome, RefusedError } from '../../comfy/comfy'
import { harmless } from '../../comfy/harmless'
import type { JobError, Missing } from '../job'

const MODEL_FILE = /\.(safetensors|sft|gguf|ckpt|pt|pth|bin|onnx|engine)$/i
const OUT_OF_MEMORY = /out of memory|OutOfMemory|Allocation on device/i

/** Why a box turned a prompt down. `missing` is what the workflow knows it lacks; what the box names is added. */
export function refused(
  error: RefusedError,
  box: string,
  graph: Graph,
  missing: readonly Missing[] = [],
): JobError {
  const lacks = [...missing, ...error.nodeErrors.flatMap((fault) => lacking(fault, graph) ?? [])]
  const unique = lacks.filter(({ name }, at) => lacks.findIndex((other) => other.name === name) === at)
  const others = error.nodeErrors.filter((fault) => !lacking(fault, graph)).map((fault) => said(fault, graph))
  const sentences = [
    ...unique.map(({ kind, name }) =>
      kind === 'model' ? `It has no model file “${name}”.` : `It has no node “${name}”.`,
    ),
    ...new Set(others),
  ]
  const summary = `The box “${box}” turned the workflow down.`
  return {
    name: 'BoxRefused',
    message: sentences.length > 0 ? [summary, ...sentences.slice(0, 4)].join(' ') : plain(error.message),
    ...(unique.length > 0 ? { missing: unique } : {}),
  }
}

/** How a prompt failed on its box. */
export function broken(
  outcome: Outcome & { readonly name: 'failed' },
  box: string,
  doing?: string,
): JobError {
  const node = plain(outcome.nodeType) || 'a node'
  const what = doing ? `${doing} (${node})` : node
  const message = OUT_OF_MEMORY.test(outcome.message)
    ? `The box “${box}” ran out of memory in ${what}. Choose a lower quality, a smaller size or a shorter clip, and retry.`
    : `${what} failed on the box “${box}”: ${plain(outcome.message) || 'it gave no reason.'}`
  return { name: 'BoxFailed', message }
}

/** A node pack or a model file that a box asked for, where its error is about one. */
function lacking({ type, nodeId, classType, input }: NodeError, graph: Graph): Missing | undefined {
  if (type === 'missing_node_type') {
    const name = plain(graph[nodeId]?.class_type ?? classType)
    const how = 'Install the node pack that has it with ComfyUI Manager, and restart ComfyUI.'
    return { kind: 'node', name, how }
  }
  const value = input === undefined ? undefined : graph[nodeId]?.inputs[input]
  if (type !== 'value_not_in_list' || typeof value !== 'string' || !MODEL_FILE.test(value)) return undefined
  const how = "Put it in the folder of ComfyUI's models that this node reads, and retry."
  return { kind: 'model', name: value, how }
}

function said({ nodeId, classType, input, type }: NodeError, graph: Graph): string {
  const node = `“${plain(graph[nodeId]?._meta?.title ?? classType)}”`
  const field = input === undefined ? 'a value' : `“${plain(input)}”`
  switch (type) {
    case 'value_not_in_list':
      return `${node} does not offer what was chosen for ${field}.`
    case 'value_bigger_than_max':
      return `${node} takes no ${field} as large as this.`
    case 'value_smaller_than_min':
      return `${node} takes no ${field} as small as this.`
    case 'required_input_missing':
      return `${node} needs ${field}, which newer versions of the node ask for.`
    case 'custom_validation_failed':
      return `${node} cannot use what it was given as ${field}.`
    case 'invalid_input_type':
    case 'return_type_mismatch':
    case 'bad_linked_input':
      return `${node} takes another kind of value for ${field}.`
    default:
      return `${node} was not accepted.`
  }
}

/** What a box says, fit to be shown: besides what `harmless` leaves out, no address and nothing that looks like a secret. */
export function plain(text: string): string {
  return harmless(text)
    .replace(/[a-z][a-z0-9+.-]*:\/\/[^\s'"<>]+/gi, '(an address)')
    .replace(/\b(bearer|token|api[_-]?key|password|secret)\b\s*[:=]?\s*\S+/gi, '$1 (hidden)')
    .replace(/\p{Cc}/gu, ' ')
}
