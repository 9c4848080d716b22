/** Reads a declaration and holds it against its graph: every place must be there, and fit for what a person may put in it. */
import * as v from 'valibot'
import type { Graph, GraphNode } from '../comfy/comfy'
import { type Declaration, DeclarationSchema, type Place } from './declaration'
import { findNode, workflowFault } from './graph'
import { isScalar } from './inject'
import type { Parts } from './parts'

/** Throws a WorkflowFault with one sentence. */
export function parseDeclaration(graph: Graph, json: unknown, parts: Parts): Declaration {
  const parsed = v.safeParse(DeclarationSchema, json, { abortEarly: true })
  if (!parsed.success) {
    const [issue] = parsed.issues
    const where = v.getDotPath(issue)
    throw workflowFault(`Its about file is wrong${where ? ` at ${where}` : ''}: ${issue.message}`)
  }
  checkDeclaration(graph, parsed.output, parts)
  return parsed.output
}

/** Throws a WorkflowFault with one sentence. */
export function checkDeclaration(graph: Graph, declaration: Declaration, parts: Parts): void {
  const nodesAt = finder(graph, declaration, parts)
  const at = ({ node, input }: Place): readonly GraphNode[] => {
    const nodes = nodesAt(node)
    if (nodes.length === 0) throw workflowFault(`No node is titled “${node}”, and none is of that class.`)
    for (const { inputs } of nodes) {
      if (!Object.hasOwn(inputs, input)) throw workflowFault(`“${node}” has no input “${input}”.`)
    }
    return nodes
  }
  const names = [...declaration.inputs, ...declaration.parameters].map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice) throw workflowFault(`Two of its inputs or settings are named “${twice}”.`)
  if (!Object.values(declaration.tiers).some(Boolean)) throw workflowFault('It has no quality.')
  for (const { at: places } of declaration.inputs) for (const place of places) at(place)
  for (const parameter of declaration.parameters) {
    if (parameter.kind === 'choice' && !parameter.choices.some(({ value }) => value === parameter.default)) {
      throw workflowFault(`“${parameter.label}” starts with a choice that is not there.`)
    }
    for (const place of parameter.at) {
      for (const node of at(place)) {
        if (!isScalar(node.inputs[place.input])) {
          throw workflowFault(
            `“${place.input}” of “${place.node}” is linked to another node and cannot be set.`,
          )
        }
        if (parameter.kind === 'text' && !takesText(node.class_type, place.input)) {
          throw workflowFault(
            `“${place.input}” of “${place.node}” names a file or a place: no text may go there.`,
          )
        }
      }
    }
  }
  for (const place of [...declaration.set, ...declaration.relies]) at(place)
  for (const { nodes, name } of declaration.outputs) {
    if (!nodes.some((title) => nodesAt(title).length > 0)) throw workflowFault(`Nothing saves “${name}”.`)
  }
}

/** Text must never choose what a box reads, writes or fetches. */
export function takesText(classType: string, input: string): boolean {
  return (
    !/file|name|path|dir|folder|url|image|video|audio|model|ckpt|prefix|format|code|expression/i.test(
      input,
    ) &&
    !/^load|load(?:er|video|image|audio)|path|save|url|http|download|shell|exec|python|eval/i.test(classType)
  )
}

/** Nodes of a title in the graph and in the parts that may be laid over it. */
function finder(
  graph: Graph,
  declaration: Declaration,
  parts: Parts,
): (title: string) => readonly GraphNode[] {
  const steps = [
    ...Object.values(declaration.tiers),
    ...declaration.alternatives.flatMap(({ options }) => options),
    ...declaration.parameters.flatMap((parameter) => (parameter.kind === 'choice' ? parameter.choices : [])),
  ]
  const graphs = steps
    .flatMap((step) => step?.parts ?? [])
    .map((name) => {
      const part = parts.get(name)
      if (!part) throw workflowFault(`There is no part named “${name}”.`)
      return part.nodes
    })
  return (title) =>
    [graph, ...graphs].flatMap((nodes) => {
      const id = findNode(nodes, title)
      const node = id === undefined ? undefined : nodes[id]
      return node ? [node] : []
    })
}
