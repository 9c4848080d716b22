/** The only way in for a value: it takes the place of a scalar of its own type in a node that is there, and nothing else. */
import type { Graph, GraphNode, InputInfo } from '../comfy/comfy'
import { findNode, isLink, workflowFault } from './graph'

export type Scalar = string | number | boolean
export type Nodes = Record<string, GraphNode>

/** A graph's nodes, to be changed without changing the graph. */
export const copyNodes = (graph: Graph): Nodes =>
  Object.fromEntries(Object.entries(graph).map(([id, node]) => [id, { ...node, inputs: { ...node.inputs } }]))

/** Puts a person's value into an input. False where the node is not in this graph. Throws where the input is no scalar of the type. */
export function setScalar(nodes: Nodes, place: { node: string; input: string }, value: Scalar): boolean {
  const id = findNode(nodes, place.node)
  const node = id === undefined ? undefined : nodes[id]
  if (id === undefined || !node) return false
  const current = Object.hasOwn(node.inputs, place.input) ? node.inputs[place.input] : undefined
  if (typeof current !== typeof value || !isScalar(value)) {
    throw workflowFault(`“${place.input}” of “${place.node}” takes no ${typeof value} from outside.`)
  }
  nodes[id] = { ...node, inputs: { ...node.inputs, [place.input]: value } }
  return true
}

/** Puts a value of a declaration into an input, also in the place of a link. False where the node is not in this graph. */
export function setDeclared(nodes: Nodes, place: { node: string; input: string }, value: Scalar): boolean {
  const id = findNode(nodes, place.node)
  const node = id === undefined ? undefined : nodes[id]
  if (id === undefined || !node) return false
  if (!Object.hasOwn(node.inputs, place.input)) {
    throw workflowFault(`“${place.node}” has no input “${place.input}” to set.`)
  }
  nodes[id] = { ...node, inputs: { ...node.inputs, [place.input]: value } }
  return true
}

export const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value))

/** What an upload may have answered: "name.mp4", "folder/name (1).mp4". Never up, absolute, or with ComfyUI's "[output]" behind it. */
const FILE_VALUE = /^(?=.{1,200}$)[\w-][\w .()-]*(?:\/[\w-][\w .()-]*)*$/
export function assertFileValue(value: unknown): asserts value is string {
  if (typeof value !== 'string' || !FILE_VALUE.test(value)) {
    throw new Error('The box named an uploaded file in a way that is not used.')
  }
}

/** Names of runs are ours: words and slashes only, so that a box writes where we look. */
export function assertRunName(value: string): void {
  if (!/^(?=.{1,120}$)[a-zA-Z0-9_-]+(?:\/[a-zA-Z0-9_-]+)*$/.test(value)) {
    throw new Error(`“${value}” is no name for a run.`)
  }
}

/** Text as it may reach a node: no control characters, and nothing that a text encoder takes for the name of a file. */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cs}\p{Co}\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/\bembedding\s*:/gi, 'embedding ') // "embedding:NAME" loads a file from the box's disk
    .trim()
}

const MODEL_FILE = /\.(?:safetensors|gguf|ckpt|pth|pt|bin|onnx|sft)$/i
export const isModelFile = (value: unknown): value is string =>
  typeof value === 'string' && MODEL_FILE.test(value)

/** A value as a box offers it: people keep models in folders of their own. Undefined where the box has none like it. */
export function offered(value: Scalar, info: InputInfo): Scalar | undefined {
  const { choices } = info
  if (!choices || choices.includes(value)) return value
  if (!isModelFile(value)) return undefined
  const wanted = baseName(value)
  return choices.find((choice) => typeof choice === 'string' && baseName(choice) === wanted)
}

const baseName = (path: string): string => (path.split(/[\\/]/).at(-1) ?? '').toLowerCase()

/** Each literal input of a graph, with where it is. */
export function* literals(
  graph: Graph,
): Generator<{ id: string; node: GraphNode; input: string; value: Scalar }> {
  for (const [id, node] of Object.entries(graph)) {
    for (const [input, value] of Object.entries(node.inputs)) {
      if (!isLink(value) && isScalar(value)) yield { id, node, input, value }
    }
  }
}
