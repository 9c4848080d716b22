/** A graph and its declaration as a workflow of the product. */
import { type JobRequest, QUALITY_TIERS } from '../jobs/job'
import type { Declaration, Parameter, Source } from './declaration'
import { doingIn } from './doing'
import { workflowFault } from './graph'
import {
  assertFileValue,
  assertRunName,
  copyNodes,
  type Nodes,
  type Scalar,
  setDeclared,
  setScalar,
} from './inject'
import { framesFor, pointAt, SIZE_STEP, type Size, toMultiple } from './measure'
import { type Definition, planner } from './plan'
import { checkRequest } from './request'
import type { BuiltGraph, ParameterDeclaration, Workflow, WorkflowCard } from './workflow'

/** `id` is the file's name without .json. */
export function declaredWorkflow(id: string, definition: Definition, isOwn: boolean): Workflow {
  const { declaration } = definition
  const planFor = planner(definition)
  return {
    card: cardOf(id, declaration, isOwn),
    check: (request) => checkRequest(declaration, request),
    missing: (request, objectInfo) => planFor(request, objectInfo).missing,
    build(request, files, objectInfo, runName): BuiltGraph {
      const plan = planFor(request, objectInfo)
      const nodes = copyNodes(plan.graph)
      for (const setting of plan.derived)
        setDeclared(nodes, setting, derive(setting.from, declaration, request))
      setParameters(nodes, declaration, request)
      setFiles(nodes, declaration, request, files)
      nameOutputs(nodes, plan.outputs, runName)
      return { graph: nodes, outputs: plan.outputs, doing: doingIn(nodes, declaration.doing) }
    },
  }
}

function setParameters(nodes: Nodes, { parameters }: Declaration, request: JobRequest): void {
  for (const parameter of parameters) {
    const value = request.parameters[parameter.name]
    if (value === undefined) throw workflowFault(`“${parameter.label}” has no value.`)
    if ('auto' in parameter && parameter.auto === value) continue
    for (const place of parameter.at) setScalar(nodes, place, value)
  }
}

function setFiles(
  nodes: Nodes,
  { inputs }: Declaration,
  request: JobRequest,
  files: Readonly<Record<string, string>>,
): void {
  for (const { name, label, at } of inputs) {
    if (!Object.hasOwn(request.inputs, name)) continue
    const file: unknown = Object.hasOwn(files, name) ? files[name] : undefined
    assertFileValue(file)
    const used = at.filter((place) => setScalar(nodes, place, file))
    if (used.length === 0) throw workflowFault(`Nothing loads “${label}”.`)
  }
}

function nameOutputs(nodes: Nodes, outputs: ReadonlyMap<string, string>, runName: string): void {
  assertRunName(runName)
  for (const [id, name] of outputs) {
    const node = nodes[id]
    const prefix = outputs.size > 1 ? `${runName}-${name}` : runName
    if (node) nodes[id] = { ...node, inputs: { ...node.inputs, filename_prefix: prefix } }
  }
}

function derive(source: Source, declaration: Declaration, request: JobRequest): Scalar {
  const number = (name: string): number => {
    const value = request.parameters[name]
    if (typeof value !== 'number') throw workflowFault(`It has no number named ${name}.`)
    return value
  }
  const { fps } = declaration
  if (fps === undefined && (source === 'fps' || source === 'frames')) throw workflowFault('It has no fps.')
  switch (source) {
    case 'fps':
      return fps ?? 0
    case 'durationS':
      return number('durationS')
    case 'frames':
      return framesFor(number('durationS'), fps ?? 0)
    case 'width':
    case 'height':
      return sizeOf(declaration, request)[source]
    case 'point':
      return pointAt(number('pointX'), number('pointY'))
  }
}

/** The size of the quality for the chosen shape; for the shape named custom, that of the parameters, at multiples of 16. */
function sizeOf(declaration: Declaration, { tier, parameters }: JobRequest): Size {
  const sizes = declaration.tiers[tier]?.sizes ?? {}
  const { shape, width, height } = parameters
  if (shape === 'custom' && typeof width === 'number' && typeof height === 'number') {
    return { width: toMultiple(width, SIZE_STEP), height: toMultiple(height, SIZE_STEP) }
  }
  const size = typeof shape === 'string' && Object.hasOwn(sizes, shape) ? sizes[shape] : undefined
  if (!size) throw workflowFault(`It has no size for the shape “${shape}”.`)
  return size
}

function cardOf(id: string, declaration: Declaration, isOwn: boolean): WorkflowCard {
  const { title, does, model, notes, inputs, parameters, outputs, tiers } = declaration
  return {
    id,
    title,
    does,
    model,
    notes,
    inputs: inputs.map(({ at, serves, ...input }) => input),
    parameters: parameters.map(shown),
    outputs: outputs.map(({ name, kind }) => ({ name, kind })),
    tiers: QUALITY_TIERS.flatMap((name) => {
      const tier = tiers[name]
      return tier ? [{ name, label: tier.label }] : []
    }),
    isOwn,
  }
}

/** A parameter as a form needs it: without where it goes. */
function shown({ at, ...parameter }: Parameter): ParameterDeclaration {
  if (parameter.kind !== 'choice') return parameter
  return { ...parameter, choices: parameter.choices.map(({ value, label }) => ({ value, label })) }
}
