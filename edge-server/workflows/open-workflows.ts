/// <reference types="vite/types/importMeta.d.ts" />
/** The shipped workflows, and those of a user's folder. */
import type { Graph } from '../comfy/comfy'
import { declaredWorkflow } from './declared-workflow'
import { parseDeclaration } from './faults'
import { parseGraph } from './graph'
import { readOwnWorkflows } from './own-workflows'
import { type Parts, parsePart } from './parts'
import type { Definition } from './plan'
import type { Workflow, Workflows } from './workflow'

// Taken into the bundle when it is built.
const FILES = import.meta.glob<unknown>('./*_*.json', { eager: true, import: 'default' })
const ABOUTS = import.meta.glob<unknown>('./*.about.json', { eager: true, import: 'default' })
const PARTS = import.meta.glob<unknown>('./parts/*.json', { eager: true, import: 'default' })

const nameOf = (path: string): string => path.replace(/^.*\//, '').replace(/(?:\.about)?\.json$/, '')

/** The parts that shipped workflows are made of, by their names. */
export function shippedParts(): Parts {
  return new Map(Object.entries(PARTS).map(([path, json]) => [nameOf(path), parsePart(json)]))
}

/** The shipped workflows' files, parsed. */
export function shippedDefinitions(): ReadonlyMap<string, Definition> {
  const parts = shippedParts()
  const abouts = new Map(Object.entries(ABOUTS).map(([path, json]) => [nameOf(path), json]))
  const graphs = Object.entries(FILES).filter(([path]) => !path.endsWith('.about.json'))
  return new Map(
    graphs.map(([path, json]) => {
      const graph: Graph = parseGraph(json)
      return [
        nameOf(path),
        { graph, parts, declaration: parseDeclaration(graph, abouts.get(nameOf(path)), parts) },
      ]
    }),
  )
}

/** Never fails because of a user's file: what is wrong with one is among the faults. */
export async function openWorkflows(ownFolder: string | undefined): Promise<Workflows> {
  const shipped = [...shippedDefinitions()].map(([id, definition]) => declaredWorkflow(id, definition, false))
  const taken = new Set(shipped.map(({ card }) => card.id))
  const own = ownFolder === undefined ? undefined : await readOwnWorkflows(ownFolder, taken, shippedParts())
  const list = [...shipped, ...(own?.workflows ?? [])]
  const byId = new Map<string, Workflow>(list.map((workflow) => [workflow.card.id, workflow]))
  return { list, find: (id) => byId.get(id), faults: own?.faults ?? [] }
}
