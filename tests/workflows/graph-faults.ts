/** What ComfyUI would say about a graph before it runs it, and a few things it would not say. */
import type { Graph, GraphValue } from '../../edge-server/comfy/comfy'
import type { InputSignature, Signatures } from './signatures'

/** Inputs that a node takes without telling: VHS_VideoCombine by its format, SaveVideo in newer versions (24_savevideo_both_forms). */
const UNTOLD = /^(?:VHS_VideoCombine (?:pix_fmt|crf|save_metadata|trim_to_audio)|SaveVideo format\.codec)$/
const UPLOADS = /^(?:LoadImage image|LoadVideo file|VHS_LoadVideo video)$/

export function graphFaults(graph: Graph, box: Signatures): readonly string[] {
  const faults: string[] = []
  const reached = new Set<string>()
  const reach = (id: string): void => {
    if (reached.has(id)) return
    reached.add(id)
    for (const value of Object.values(graph[id]?.inputs ?? {}))
      if (Array.isArray(value)) reach(String(value[0]))
  }
  for (const [id, node] of Object.entries(graph)) {
    const signature = box.get(node.class_type)
    const name = `${node.class_type} (${node._meta?.title})`
    if (!signature) {
      faults.push(`${name}: no such class`)
      continue
    }
    if (signature.isOutput) reach(id)
    if (!node._meta?.title) faults.push(`${name}: no title`)
    for (const [input, { required }] of signature.inputs)
      if (required && !Object.hasOwn(node.inputs, input)) faults.push(`${name}: ${input} is missing`)
    for (const [input, value] of Object.entries(node.inputs)) {
      const key = `${node.class_type} ${input}`
      const info = signature.inputs.get(input)
      if (!info) {
        if (!UNTOLD.test(key)) faults.push(`${name}: ${input} is unknown`)
      } else {
        const fault = inputFault(graph, box, value, info, UPLOADS.test(key))
        if (fault) faults.push(`${name}: ${input} ${fault}`)
      }
    }
  }
  for (const id of Object.keys(graph)) if (!reached.has(id)) faults.push(`node ${id} leads nowhere`)
  return faults
}

function inputFault(
  graph: Graph,
  box: Signatures,
  value: GraphValue,
  info: InputSignature,
  isUpload: boolean,
) {
  if (Array.isArray(value)) {
    const [id, output] = value
    const source = graph[String(id)]
    const type = source && box.get(source.class_type)?.outputs[Number(output)]
    if (!type) return `comes from ${id}.${output}, which is not there`
    const fits = type === '*' || info.type === '*' || info.type.split(',').includes(type)
    return fits ? undefined : `wants ${info.type} and gets ${type}`
  }
  if (info.choices) {
    return isUpload || info.choices.some((choice) => choice === value) ? undefined : `offers no ${value}`
  }
  switch (info.type) {
    case 'INT':
      if (!Number.isInteger(value)) return `wants a whole number, not ${value}`
      break
    case 'FLOAT':
      if (typeof value !== 'number') return `wants a number, not ${value}`
      break
    case 'BOOLEAN':
      return typeof value === 'boolean' ? undefined : `wants true or false, not ${value}`
    case 'STRING':
      return typeof value === 'string' ? undefined : `wants text, not ${value}`
    default:
      return `wants ${info.type} from another node`
  }
  if (info.min !== undefined && Number(value) < info.min) return `is below ${info.min}`
  if (info.max !== undefined && Number(value) > info.max) return `is above ${info.max}`
  return undefined
}
