/** Why a box would not take a prompt, node by node (04_invalid). */
import type { NodeErrors, Problem } from './answers'
import { type NodeError, RefusedError } from './comfy'
import { harmless } from './harmless'

/** `error` is that of a 400; a 200 may carry node errors alone, where only some outputs would run. */
export function refusalOf(box: string, error: Problem | undefined, nodes: NodeErrors): RefusedError {
  const nodeErrors = [...(error ? unknownNode(error) : []), ...Object.entries(nodes).flatMap(nodeErrorsOf)]
  const first = nodeErrors[0]
  const why = first
    ? `${first.classType}: ${first.message}`
    : harmless(error ? inWords(error) : 'it does not say why')
  return new RefusedError(`The box “${box}” would not run the workflow (${why}).`, nodeErrors)
}

function nodeErrorsOf([nodeId, { class_type, errors }]: [string, NodeErrors[string]]): NodeError[] {
  return errors.map((problem) => {
    const input = problem.extra_info.input_name
    return {
      nodeId,
      classType: class_type,
      input: typeof input === 'string' ? input : undefined,
      type: problem.type,
      message: harmless(inWords(problem)),
    }
  })
}

/** 0.26 says `missing_node_type` and which one; 0.3.64 says `invalid_prompt`, and which one only in its sentence. */
function unknownNode({ type, message, details, extra_info }: Problem): NodeError[] {
  if (type !== 'missing_node_type' && type !== 'invalid_prompt') return []
  const classType = extra_info.class_type ?? /node (\S+) does not exist/.exec(message)?.[1]
  const nodeId = extra_info.node_id ?? /#([^']+)/.exec(details)?.[1]
  return [
    {
      nodeId: String(nodeId ?? ''),
      classType: String(classType ?? 'unknown'),
      input: undefined,
      type: 'missing_node_type',
      message: harmless(message),
    },
  ]
}

function inWords({ message, details }: Problem): string {
  return details ? `${message}: ${details}` : message
}
