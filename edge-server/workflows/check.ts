/** A graph against what a box says it has (/object_info): what is missing, in sentences, before anything is sent. */
import type { Graph, GraphNode, NodeInfo, ObjectInfo } from '../comfy/comfy'
import type { Missing } from '../jobs/job'
import { isLink } from './graph'
import { isModelFile, isScalar, offered, type Scalar } from './inject'
import { howToGetModel, howToGetNode, isKnownModel, ownerOf } from './sources'

/** Inputs by "id input". */
export interface Special {
  /** They name uploaded files: a box lists only what it had when it was asked. */
  readonly uploads: ReadonlySet<string>
  /** A box that does not know them would do something else. */
  readonly relies: ReadonlySet<string>
}

export function lacks(graph: Graph, objectInfo: ObjectInfo, special: Special): readonly Missing[] {
  const found = new Map<string, Missing>()
  const add = (missing: Missing) => found.set(`${missing.name} ${missing.how}`, missing)
  for (const [id, node] of Object.entries(graph)) {
    const info = objectInfo.get(node.class_type)
    if (!info) {
      add({ kind: 'node', name: node.class_type, how: howToGetNode(node.class_type) })
      for (const [input, value] of Object.entries(node.inputs)) {
        if (isModelFile(value) && isKnownModel(value)) add(missingModel(value, input))
      }
      continue
    }
    for (const fault of outdated(id, node, info, special)) {
      add({
        kind: 'node',
        name: node.class_type,
        how: `${fault} Update ${ownerOf(node.class_type)} on the box.`,
      })
    }
    for (const [input, value] of Object.entries(node.inputs)) {
      const inputInfo = info.inputs.get(input)
      if (!inputInfo || !isScalar(value) || special.uploads.has(`${id} ${input}`)) continue
      if (offered(value, inputInfo) !== undefined) continue
      if (isModelFile(value)) add(missingModel(value, input))
      else
        add({
          kind: 'node',
          name: node.class_type,
          how: `${noChoice(node, input, value)} Update ${ownerOf(node.class_type)} on the box.`,
        })
    }
  }
  return [...found.values()]
}

const missingModel = (name: string, input: string): Missing => ({
  kind: 'model',
  name,
  how: howToGetModel(name, input),
})

const noChoice = (node: GraphNode, input: string, value: Scalar): string =>
  `The box’s ${node.class_type} does not offer “${value}” for “${input}”.`

/** Inputs that one side has and the other does not. */
function* outdated(id: string, node: GraphNode, info: NodeInfo, { relies }: Special): Generator<string> {
  const given = Object.keys(node.inputs)
  for (const [input, { required }] of info.inputs) {
    // A dynamic input is given by its parts: "images" as "images.image0".
    if (required && !given.some((name) => name === input || name.startsWith(`${input}.`))) {
      yield `The box’s ${node.class_type} wants “${input}”, which this workflow does not know.`
    }
  }
  for (const [input, value] of Object.entries(node.inputs)) {
    const [base = input] = input.split('.')
    // A box ignores an input it does not know; a value may be ignored, but a picture or a mask must not be.
    const matters = isLink(value) || relies.has(`${id} ${input}`)
    if (matters && !info.inputs.has(input) && !info.inputs.has(base)) {
      yield `The box’s ${node.class_type} does not know “${input}”.`
    }
  }
}
