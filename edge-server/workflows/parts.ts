/** Parts: nodes that are laid over a graph to do one of its tasks another way, as a quality or a box wants it. */
import * as v from 'valibot'
import type { Graph, GraphNode } from '../comfy/comfy'
import { findNode, isLink, type Link, NodesSchema, workflowFault } from './graph'

const PartSchema = v.strictObject({
  /** For people: what this part is. */
  about: v.string(),
  /** Nodes as in API format, but their links name titles: of the part's own nodes, or of the graph it is laid over. */
  nodes: NodesSchema,
  /** By the title of a node of the graph: where its outputs come from instead, in their order; null where they stay. */
  replaces: v.record(
    v.string(),
    v.array(v.nullable(v.tuple([v.string(), v.pipe(v.number(), v.integer(), v.minValue(0))]))),
  ),
  /** Titles of nodes of the graph that end with it. */
  removes: v.optional(v.array(v.string()), []),
})
export type Part = v.InferOutput<typeof PartSchema>
export type Parts = ReadonlyMap<string, Part>

/** Throws an Error where it is no part. */
export const parsePart = (json: unknown): Part => v.parse(PartSchema, json)

/** The graph with parts laid over it, one after the other; nodes without a use are still in it. */
export function layParts(
  graph: Graph,
  parts: readonly { readonly name: string; readonly part: Part }[],
): Graph {
  const nodes: Record<string, GraphNode> = { ...graph }
  const moved = new Map<string, Link>()
  const follow = (link: Link): Link => {
    const next = moved.get(`${link[0]} ${link[1]}`)
    return next ? follow(next) : link
  }
  for (const { name, part } of parts) {
    const idOf = (key: string) => `${name}-${key}`
    const resolve = ([title, output]: Link): Link => {
      const own = Object.entries(part.nodes).find(([, node]) => node._meta?.title === title)
      const id = own ? idOf(own[0]) : findNode(nodes, title)
      if (id === undefined) throw workflowFault(`The part “${name}” needs a node titled “${title}”.`)
      return follow([id, output])
    }
    const added = Object.entries(part.nodes).map(([key, node]) => {
      const inputs = Object.entries(node.inputs).map(([input, value]) => [
        input,
        isLink(value) ? resolve(value) : value,
      ])
      return [idOf(key), { ...node, inputs: Object.fromEntries(inputs) }] as const
    })
    for (const [title, outputs] of Object.entries(part.replaces)) {
      const id = findNode(nodes, title)
      if (id === undefined) continue // a part serves several graphs; not all have every node
      outputs.forEach((target, output) => {
        // The first part that takes a node's place keeps it: what a person chose goes before what a box has.
        const from = `${id} ${output}`
        if (target && !moved.has(from)) moved.set(from, resolve(target))
      })
    }
    for (const title of part.removes) {
      const id = findNode(nodes, title)
      if (id !== undefined) delete nodes[id]
    }
    Object.assign(nodes, Object.fromEntries(added))
    for (const [id, node] of Object.entries(nodes)) {
      const inputs = Object.entries(node.inputs).map(([input, value]) => [
        input,
        isLink(value) ? follow(value) : value,
      ])
      nodes[id] = { ...node, inputs: Object.fromEntries(inputs) }
    }
  }
  return nodes
}
