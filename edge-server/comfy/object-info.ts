/** A box's /object_info, reduced to what a check needs. */
import * as v from 'valibot'
import type { InputInfo, NodeInfo, ObjectInfo } from './comfy'

const Inputs = v.optional(v.record(v.string(), v.unknown()), {})
const Node = v.object({
  input: v.optional(v.object({ required: Inputs, optional: Inputs }), {}),
  output_node: v.optional(v.boolean(), false),
})

export const ObjectInfoAnswer = v.record(v.string(), v.unknown())

/** Nodes that are not as they should be are left out: one odd pack must not hide all others. */
export function parseObjectInfo(answer: v.InferOutput<typeof ObjectInfoAnswer>): ObjectInfo {
  const nodes = new Map<string, NodeInfo>()
  for (const [name, value] of Object.entries(answer)) {
    const { success, output } = v.safeParse(Node, value)
    if (!success) continue
    const { required = {}, optional = {} } = output.input
    const inputs = new Map<string, InputInfo>()
    for (const [input, config] of Object.entries(optional)) inputs.set(input, inputOf(config, false))
    for (const [input, config] of Object.entries(required)) inputs.set(input, inputOf(config, true))
    nodes.set(name, { inputs, isOutput: output.output_node })
  }
  return nodes
}

const Options = v.object({
  options: v.optional(v.array(v.unknown())),
  min: v.optional(v.number()),
  max: v.optional(v.number()),
})

/** Choices are written as `[["a", "b"], {}]` or `["COMBO", { options }]`; those that bring inputs along have keys. */
function inputOf(config: unknown, required: boolean): InputInfo {
  const [type, settings] = Array.isArray(config) ? config : [config]
  const parsed = v.safeParse(Options, settings ?? {})
  const { options, min, max } = parsed.success ? parsed.output : {}
  const choices = Array.isArray(type) ? type : options
  return {
    type: Array.isArray(type) ? 'COMBO' : String(type),
    required,
    choices: choices?.flatMap(choiceOf),
    min,
    max,
  }
}

function choiceOf(option: unknown): (string | number | boolean)[] {
  if (typeof option === 'object' && option !== null && 'key' in option) return choiceOf(option.key)
  return typeof option === 'string' || typeof option === 'number' || typeof option === 'boolean'
    ? [option]
    : []
}
