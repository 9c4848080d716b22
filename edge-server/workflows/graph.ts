/** ComfyUI graphs in API format: reading them, finding nodes in them, and laying parts over them. */
import * as v from 'valibot'
import type { Graph, GraphNode, GraphValue } from '../comfy/comfy'

/** A file that is no workflow; the message is a sentence for whoever wrote it. */
export function workflowFault(message: string): Error {
  return Object.assign(new Error(message), { name: 'WorkflowFault' })
}

const MAX_NODES = 2000

const GraphValueSchema: v.GenericSchema<GraphValue> = v.lazy(() =>
  v.union([
    v.string(),
    v.number(),
    v.boolean(),
    v.null(),
    v.array(GraphValueSchema),
    v.record(v.string(), GraphValueSchema),
  ]),
)
const NodeSchema = v.object({
  class_type: v.pipe(v.string(), v.nonEmpty()),
  inputs: v.record(v.string(), GraphValueSchema),
  _meta: v.exactOptional(v.object({ title: v.exactOptional(v.string()) })),
})
/** Nodes by id, whatever their links lead to. */
export const NodesSchema = v.record(v.pipe(v.string(), v.nonEmpty()), NodeSchema)

/** Unknown JSON as a graph whose links lead somewhere. Throws a WorkflowFault. */
export function parseGraph(json: unknown): Graph {
  if (isRecord(json) && Array.isArray(json.nodes)) {
    throw workflowFault(
      'It is saved for ComfyUI’s editor. Save it again with Workflow → Export (API), which a server can run.',
    )
  }
  const parsed = v.safeParse(NodesSchema, json)
  if (!parsed.success || Object.keys(parsed.output).length === 0) {
    throw workflowFault('It is not a workflow in ComfyUI’s API format (Workflow → Export (API)).')
  }
  const graph = parsed.output
  if (Object.keys(graph).length > MAX_NODES) throw workflowFault(`It has more than ${MAX_NODES} nodes.`)
  for (const [id, node] of Object.entries(graph)) {
    for (const [input, value] of Object.entries(node.inputs)) {
      if (isLink(value) && !Object.hasOwn(graph, value[0])) {
        throw workflowFault(`“${input}” of ${nameOf(node, id)} comes from a node that is not there.`)
      }
    }
  }
  return graph
}

export type Link = readonly [id: string, output: number]
export const isLink = (value: GraphValue | undefined): value is Link =>
  Array.isArray(value) &&
  value.length === 2 &&
  typeof value[0] === 'string' &&
  typeof value[1] === 'number' &&
  Number.isInteger(value[1])

export const isRecord = (json: unknown): json is Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

const nameOf = (node: GraphNode, id: string): string =>
  node._meta?.title ? `“${node._meta.title}”` : `node ${id} (${node.class_type})`

/** The id of the node with a title, or else the only one of a class. Throws a WorkflowFault where there are several. */
export function findNode(graph: Graph, name: string): string | undefined {
  const entries = Object.entries(graph)
  const titled = entries.filter(([, node]) => node._meta?.title === name)
  const found = titled.length > 0 ? titled : entries.filter(([, node]) => node.class_type === name)
  if (found.length > 1) {
    const what = titled.length > 0 ? 'are titled' : 'are of the class'
    throw workflowFault(`${found.length} nodes ${what} “${name}”: give each a title of its own.`)
  }
  return found[0]?.[0]
}

/** Only what leads to the roots, so that a box is asked for no node that has no use. */
export function prune(graph: Graph, roots: readonly string[]): Graph {
  const kept = new Set<string>()
  const visit = (id: string): void => {
    const node = graph[id]
    if (!node || kept.has(id)) return
    kept.add(id)
    for (const value of Object.values(node.inputs)) if (isLink(value)) visit(value[0])
  }
  for (const root of roots) visit(root)
  return Object.fromEntries(Object.entries(graph).filter(([id]) => kept.has(id)))
}

/** The graph without some nodes; inputs that came from them are left open. */
export function without(graph: Graph, gone: ReadonlySet<string>): Graph {
  const kept = Object.entries(graph).filter(([id]) => !gone.has(id))
  return Object.fromEntries(
    kept.map(([id, node]) => {
      const inputs = Object.entries(node.inputs).filter(([, value]) => !isLink(value) || !gone.has(value[0]))
      return [id, { ...node, inputs: Object.fromEntries(inputs) }]
    }),
  )
}
