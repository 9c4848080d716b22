/** Refuses prompts as a real box does, error by error: the order of checks and every body are those of 04_invalid. */

import { choiceParts, type InputSpec, inputConfig, type NodeTable } from './node-info'
import {
  cycleProblem,
  findCycle,
  type Problem,
  problem,
  type RawGraph,
  unknownNode,
  type Version,
} from './prompt-problems'

interface NodeProblems {
  readonly errors: readonly Problem[]
  readonly dependent_outputs: string[]
  readonly class_type: string
}
export interface Verdict {
  readonly error?: Problem
  /** Output nodes that will run. */
  readonly outputs: readonly string[]
  readonly nodeErrors: Readonly<Record<string, NodeProblems>>
}

export interface Known {
  readonly version: Version
  readonly nodes: NodeTable
  readonly inputFiles: readonly string[]
  hasFile(value: string): boolean
}

/** `targets`: only these outputs are wanted (22_dynamic_inputs). */
export function validatePrompt(graph: RawGraph, known: Known, targets?: readonly string[]): Verdict {
  const outputs: string[] = []
  for (const [id, node] of Object.entries(graph)) {
    const spec = known.nodes.get(node.class_type ?? '')
    if (!spec) return { error: unknownNode(id, node, known.version), outputs: [], nodeErrors: {} }
    if (spec.isOutput && (targets?.includes(id) ?? true)) outputs.push(id)
  }
  if (outputs.length === 0) {
    return { error: problem('prompt_no_outputs', 'Prompt has no outputs', '', {}), outputs, nodeErrors: {} }
  }
  return judge(graph, outputs, known)
}

function judge(graph: RawGraph, outputs: readonly string[], known: Known): Verdict {
  const results = new Map<string, Result>()
  const good: string[] = []
  const nodeErrors: Record<string, NodeProblems> = {}
  const sentences: string[] = []
  for (const output of outputs) {
    const result = validated(output)
    if (result.isValid) {
      good.push(output)
      continue
    }
    sentences.push(...result.errors.map(({ message, details }) => `${message}: ${details}`))
    for (const [id, { isValid, errors }] of results) {
      if (isValid || errors.length === 0) continue
      nodeErrors[id] ??= { errors, dependent_outputs: [], class_type: graph[id]?.class_type ?? '' }
      nodeErrors[id].dependent_outputs.push(output)
    }
  }
  if (good.length > 0) return { outputs: good, nodeErrors }
  const details = sentences.join('\n')
  const error = problem('prompt_outputs_failed_validation', 'Prompt outputs failed validation', details, {})
  return { error, outputs: [], nodeErrors }

  function validated(output: string): Result {
    const cycle = findCycle(graph, output)
    if (cycle) {
      // 0.3.64 runs out of stack and tells no node.
      if (known.version === '0.3.64') return { isValid: false, errors: [] }
      for (const id of cycle) results.set(id, { isValid: false, errors: [cycleProblem(graph, cycle, id)] })
      return { isValid: false, errors: [] }
    }
    try {
      return validateNode(graph, output, known, results)
    } catch (error) {
      if (!(error instanceof PythonError)) throw error
      const { pythonType, message } = error
      const result = {
        isValid: false,
        errors: [
          problem('exception_during_validation', 'Exception when validating node', message, {
            exception_type: pythonType,
            traceback,
          }),
        ],
      }
      results.set(output, result)
      return result
    }
  }
}

interface Result {
  readonly isValid: boolean
  readonly errors: readonly Problem[]
}

function validateNode(graph: RawGraph, id: string, known: Known, results: Map<string, Result>): Result {
  const done = results.get(id)
  if (done) return done
  const node = graph[id]
  if (!node) throw new PythonError('KeyError', `'${id}'`)
  if (!node.inputs) throw new PythonError('KeyError', "'inputs'")
  const spec = known.nodes.get(node.class_type ?? '')
  if (!spec) throw new PythonError('KeyError', `'${node.class_type}'`)
  const errors: Problem[] = []
  let isValid = true
  for (const input of spec.inputs) {
    const value = node.inputs[input.name]
    const parts: readonly string[] = choiceParts[`${node.class_type}.${input.name}`]?.[String(value)] ?? []
    for (const part of parts) {
      const name = `${input.name}.${part}`
      if (node.inputs[name] === undefined) errors.push(missing(name, part))
    }
    if (value === undefined) {
      if (input.required) errors.push(missing(input.name, input.name))
    } else if (Array.isArray(value)) {
      const linked = validateLink(graph, input, value, known, results)
      if (linked === false) isValid = false
      else if (linked) errors.push(linked)
    } else {
      const wrong = validateValue(input, value, known, node.class_type ?? '')
      if (wrong) errors.push(wrong)
    }
  }
  const result = { isValid: isValid && errors.length === 0, errors }
  results.set(id, result)
  return result
}

function missing(name: string, details: string): Problem {
  return problem('required_input_missing', 'Required input is missing', details, { input_name: name })
}

function validateLink(
  graph: RawGraph,
  input: InputSpec,
  link: unknown[],
  known: Known,
  results: Map<string, Result>,
): Problem | false | undefined {
  const about = { input_name: input.name, input_config: inputConfig(input, known.inputFiles) }
  if (link.length !== 2) {
    const message = 'Bad linked input, must be a length-2 list of [node_id, slot_index]'
    return problem('bad_linked_input', message, input.name, { ...about, received_value: link })
  }
  const [from, slot] = link as [string, number] // a link, by its length
  const source = graph[from]
  if (!source) throw new PythonError('KeyError', `'${from}'`)
  const received = known.nodes.get(source.class_type ?? '')?.outputs[slot]
  if (received === undefined) throw new PythonError('IndexError', 'tuple index out of range')
  const fits = received === input.type || received === '*' || input.type === '*'
  if (!fits) {
    const details = `${input.name}, received_type(${received}) mismatch input_type(${input.type})`
    return problem('return_type_mismatch', 'Return type mismatch between linked nodes', details, {
      ...about,
      received_type: received,
      linked_node: link,
    })
  }
  try {
    return validateNode(graph, from, known, results).isValid ? undefined : false
  } catch (error) {
    // A fault inside the linked node is told about that node, in words about the input that leads to it.
    if (!(error instanceof PythonError)) throw error
    const { pythonType, message } = error
    const inner = problem(
      'exception_during_inner_validation',
      'Exception when validating inner node',
      message,
      {
        ...about,
        exception_message: message,
        exception_type: pythonType,
        traceback,
        linked_node: link,
      },
    )
    results.set(from, { isValid: false, errors: [inner] })
    return false
  }
}

function validateValue(
  input: InputSpec,
  value: unknown,
  known: Known,
  classType: string,
): Problem | undefined {
  const about = {
    input_name: input.name,
    input_config: inputConfig(input, known.inputFiles),
    received_value: value,
  }
  if (input.type === 'FILE') {
    if (typeof value === 'string' && known.hasFile(value)) return undefined
    const what = `Invalid ${/Video/.test(classType) ? 'video' : /Audio/.test(classType) ? 'audio' : 'image'} file: ${value}`
    return problem(
      'custom_validation_failed',
      'Custom validation failed for node',
      `${input.name} - ${what}`,
      {
        input_name: input.name,
      },
    )
  }
  if (input.type === 'INT' || input.type === 'FLOAT') {
    const number = Number(value)
    if (Number.isNaN(number)) {
      const exception =
        input.type === 'INT'
          ? `invalid literal for int() with base 10: '${value}'`
          : `could not convert string to float: '${value}'`
      return problem(
        'invalid_input_type',
        `Failed to convert an input value to a ${input.type} value`,
        `${input.name}, ${value}, ${exception}`,
        { ...about, exception_message: exception },
      )
    }
    if (input.min !== undefined && number < input.min) {
      return problem(
        'value_smaller_than_min',
        `Value ${value} smaller than min of ${input.min}`,
        input.name,
        about,
      )
    }
    if (input.max !== undefined && number > input.max) {
      return problem(
        'value_bigger_than_max',
        `Value ${value} bigger than max of ${input.max}`,
        input.name,
        about,
      )
    }
  }
  if (input.choices && !input.choices.includes(String(value))) {
    const list =
      input.choices.length > 20 ? `(list of length ${input.choices.length})` : python(input.choices)
    return problem(
      'value_not_in_list',
      'Value not in list',
      `${input.name}: '${value}' not in ${list}`,
      about,
    )
  }
  return undefined
}

const traceback = ['  File "/srv/ComfyUI/execution.py", line 943, in validate_inputs\n']

class PythonError extends Error {
  readonly pythonType: string
  constructor(pythonType: string, message: string) {
    super(message)
    this.pythonType = pythonType
  }
}

function python(list: readonly string[]): string {
  return `[${list.map((item) => `'${item}'`).join(', ')}]`
}
