/** A declaration for a graph that has none: loaders are inputs, texts and seeds are settings, and what saves is an output. */
import type { Graph, GraphNode } from '../comfy/comfy'
import type { Declaration, Parameter, Place } from './declaration'
import { findNode, workflowFault } from './graph'

type Input = Declaration['inputs'][number]
type Output = Declaration['outputs'][number]

/** Loaders by their class, with the input that names the file. */
const LOADERS: Readonly<Record<string, { readonly kind: Input['kind']; readonly input: string }>> = {
  LoadImage: { kind: 'image', input: 'image' },
  LoadVideo: { kind: 'video', input: 'file' },
  VHS_LoadVideo: { kind: 'video', input: 'video' },
}
const SAVERS: Readonly<Record<string, Output['kind']>> = {
  SaveImage: 'image',
  SaveAnimatedWEBP: 'image',
  SaveAnimatedPNG: 'image',
  SaveVideo: 'video',
  SaveWEBM: 'video',
  VHS_VideoCombine: 'video',
}
const MAX_TEXT = 4000

/** Throws a WorkflowFault where it has no output, or nodes that cannot be told apart. */
export function derivedDeclaration(id: string, graph: Graph): Declaration {
  const nodes = Object.entries(graph)
  const inputs: Input[] = []
  const parameters: Parameter[] = []
  const outputs: Output[] = []
  const seeds: Place[] = []
  const names = new Set<string>(['seed'])
  for (const [nodeId, node] of nodes) {
    const loader = LOADERS[node.class_type]
    const saver = SAVERS[node.class_type]
    const seedInput = ['seed', 'noise_seed'].find((input) => typeof node.inputs[input] === 'number')
    const isText = node.class_type === 'CLIPTextEncode' && typeof node.inputs.text === 'string'
    if (!loader && !saver && !seedInput && !isText) continue
    const title = handleOf(graph, nodeId, node)
    if (loader) {
      const { kind, input } = loader
      const name = unused(names, title)
      inputs.push({ name, label: title, kind, required: true, at: [{ node: title, input }], serves: [] })
    }
    if (saver && node.inputs.save_output !== false) {
      outputs.push({ name: unused(names, title), kind: saver, nodes: [title] })
    }
    if (seedInput) seeds.push({ node: title, input: seedInput })
    if (isText) parameters.push(textParameter(unused(names, title), title, String(node.inputs.text)))
  }
  if (outputs.length === 0)
    throw workflowFault('It saves nothing that can be fetched: add Save Video or Save Image.')
  if (seeds.length > 0) {
    parameters.push({
      kind: 'seed',
      name: 'seed',
      label: 'Seed',
      advanced: true,
      max: Number.MAX_SAFE_INTEGER,
      at: seeds,
    })
  }
  const paid = nodes
    .filter(([, node]) => /Api(?:Node)?$/.test(node.class_type))
    .map(([, node]) => node.class_type)
  return {
    title: id.replace(/[_-]+/g, ' '),
    does: 'A workflow of your own.',
    model: 'as in the file',
    notes:
      paid.length > 0
        ? [`It sends what you add to a paid service, by ${[...new Set(paid)].join(', ')}.`]
        : [],
    inputs,
    parameters,
    outputs,
    tiers: { standard: { label: 'As saved', sizes: {}, parts: [], set: [] } },
    set: [],
    relies: [],
    alternatives: [],
    doing: {},
  }
}

/** What a node is found by later: its title where only it has that, else its class. */
function handleOf(graph: Graph, nodeId: string, node: GraphNode): string {
  const handle = node._meta?.title || node.class_type
  if (findNode(graph, handle) !== nodeId) {
    throw workflowFault(`“${handle}” does not say which node is meant: give each a title of its own.`)
  }
  return handle
}

function textParameter(name: string, title: string, text: string): Parameter {
  return {
    kind: 'text',
    name,
    label: title,
    advanced: /negative/i.test(title),
    default: text,
    maxLength: Math.max(MAX_TEXT, text.length),
    at: [{ node: title, input: 'text' }],
  }
}

/** A name for a form field that no other has: "Load Image (face)" becomes loadImageFace. */
function unused(names: Set<string>, title: string): string {
  const words = title
    .normalize('NFD')
    .replace(/[^a-zA-Z0-9]+/g, ' ')
    .trim()
    .split(' ')
  const joined = words
    .map((word, index) => (index === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
  const base = /^[a-z]/.test(joined) ? joined.slice(0, 36) : `n${joined.slice(0, 35)}`
  let name = base
  for (let count = 2; names.has(name); count++) name = `${base}${count}`
  names.add(name)
  return name
}
