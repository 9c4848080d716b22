/** Which of its ways a workflow goes on a box: the first for which the box has everything, else the one that lacks least. */
import type { Graph, ObjectInfo } from '../comfy/comfy'
import type { JobRequest, Missing } from '../jobs/job'
import { lacks } from './check'
import type { Declaration, Option, Place, Setting } from './declaration'
import { findNode, prune, without, workflowFault } from './graph'
import { copyNodes, literals, offered, setDeclared } from './inject'
import { layParts, type Parts } from './parts'

/** A workflow's three files: its graph, what is said about it, and the parts it may use. */
export interface Definition {
  readonly graph: Graph
  readonly declaration: Declaration
  readonly parts: Parts
}

type Derived = Extract<Setting, { from: unknown }>

export interface Plan {
  /** Complete but for a person's values, and with nothing in it that has no use. */
  readonly graph: Graph
  /** Settings whose values follow from the request. */
  readonly derived: readonly Derived[]
  /** Names of the declared outputs by the ids of the nodes that save them. */
  readonly outputs: ReadonlyMap<string, string>
  readonly missing: readonly Missing[]
}

type Wish = Pick<JobRequest, 'tier' | 'inputs' | 'parameters'>

/** Makes plans and keeps them for as long as a box's answer is the same object: many jobs ask about few boxes. */
export function planner(definition: Definition): (wish: Wish, objectInfo: ObjectInfo) => Plan {
  const kept = new WeakMap<ObjectInfo, Map<string, Plan>>()
  return (wish, objectInfo) => {
    const plans = kept.get(objectInfo) ?? new Map<string, Plan>()
    kept.set(objectInfo, plans)
    const chosen = choicesIn(definition.declaration, wish)
    const absent = definition.declaration.inputs.filter(({ name }) => !Object.hasOwn(wish.inputs, name))
    const key = JSON.stringify([wish.tier, absent.map(({ name }) => name), chosen.map(({ value }) => value)])
    const plan = plans.get(key) ?? bestPlan(definition, wish, chosen, objectInfo)
    plans.set(key, plan)
    return plan
  }
}

type Steps = Pick<Option, 'parts' | 'set'>

function choicesIn({ parameters }: Declaration, wish: Wish) {
  return parameters.flatMap((parameter) => {
    if (parameter.kind !== 'choice') return []
    const value = wish.parameters[parameter.name] ?? parameter.default
    return parameter.choices.filter((choice) => choice.value === value)
  })
}

/** Tasks do not depend on one another: for each, the first option that asks least of the box. */
function bestPlan(
  definition: Definition,
  wish: Wish,
  chosen: readonly Steps[],
  objectInfo: ObjectInfo,
): Plan {
  const tasks = definition.declaration.alternatives.filter(({ tiers }) => tiers.includes(wish.tier))
  const way = tasks.flatMap(({ options }) => options.slice(0, 1))
  let best = planOf(definition, wish, [...chosen, ...way], objectInfo)
  for (const [index, { options }] of tasks.entries()) {
    for (const option of options.slice(1)) {
      if (best.missing.length === 0) return best
      const other = way.with(index, option)
      const plan = planOf(definition, wish, [...chosen, ...other], objectInfo)
      if (effort(plan) >= effort(best)) continue
      best = plan
      way.splice(index, 1, option)
    }
  }
  return best
}

/** What a person would have to do for it: all classes of a pack come with one step. */
const effort = ({ missing }: Plan): number => new Set(missing.map(({ how }) => how)).size

/** Parts of the quality are laid first, then those that a person chose, then those of the way. */
function planOf(definition: Definition, wish: Wish, steps: readonly Steps[], objectInfo: ObjectInfo): Plan {
  const { declaration, parts } = definition
  const tier = declaration.tiers[wish.tier]
  const all = [...(tier ? [tier] : []), ...steps]
  const laid = layParts(
    withoutAbsent(definition, wish),
    all.flatMap(({ parts: names }) => names).map((name) => ({ name, part: partOf(parts, name) })),
  )
  const outputs = outputsIn(laid, declaration)
  const graph = prune(laid, [...outputs.keys()])
  const settings = [...declaration.set, ...all.flatMap(({ set }) => set)]
  const nodes = copyNodes(graph)
  for (const setting of settings) if ('value' in setting) setDeclared(nodes, setting, setting.value)
  const derived = settings.filter((setting): setting is Derived => 'from' in setting)
  return {
    graph: asOffered(nodes, objectInfo),
    derived,
    outputs,
    missing: lacks(nodes, objectInfo, {
      uploads: inputsAt(
        nodes,
        declaration.inputs.flatMap(({ at }) => at),
      ),
      relies: inputsAt(nodes, declaration.relies),
    }),
  }
}

function partOf(parts: Parts, name: string) {
  const part = parts.get(name)
  if (!part) throw workflowFault(`There is no part named “${name}”.`)
  return part
}

function withoutAbsent({ graph, declaration }: Definition, wish: Wish): Graph {
  const gone = declaration.inputs
    .filter(({ name }) => !Object.hasOwn(wish.inputs, name))
    .flatMap(({ at, serves }) => [...at.map(({ node }) => node), ...serves])
    .map((title) => findNode(graph, title))
  return without(graph, new Set(gone.filter((id) => id !== undefined)))
}

/** Each declared output by the one of its nodes that is there. */
function outputsIn(graph: Graph, { outputs }: Declaration): ReadonlyMap<string, string> {
  return new Map(
    outputs.map(({ name, nodes }) => {
      const ids = nodes.map((title) => findNode(graph, title)).filter((id) => id !== undefined)
      const [id] = ids
      if (id === undefined || ids.length > 1)
        throw workflowFault(`The output “${name}” wants one node that saves it.`)
      return [id, name]
    }),
  )
}

/** Places as "id input". */
const inputsAt = (graph: Graph, places: readonly Place[]): ReadonlySet<string> =>
  new Set(places.map(({ node, input }) => `${findNode(graph, node)} ${input}`))

/** Model files by the names under which the box has them. */
function asOffered(graph: Graph, objectInfo: ObjectInfo): Graph {
  const nodes = copyNodes(graph)
  for (const { id, node, input, value } of literals(graph)) {
    const info = objectInfo.get(node.class_type)?.inputs.get(input)
    const there = info && offered(value, info)
    const copy = nodes[id]
    if (there !== undefined && there !== value && copy) {
      nodes[id] = { ...copy, inputs: { ...copy.inputs, [input]: there } }
    }
  }
  return nodes
}
