/** The shipped workflows, built for boxes of several kinds. */
import { inject } from 'vitest'
import type { Graph, GraphNode } from '../../edge-server/comfy/comfy'
import type { JobRequest, QualityTier } from '../../edge-server/jobs/job'
import { openWorkflows } from '../../edge-server/workflows/open-workflows'
import type { Workflow } from '../../edge-server/workflows/workflow'
import { boxWith, objectInfoOf } from './boxes'

const shared = inject('shared')
export const BOXES = {
  everything: boxWith({}),
  'ComfyUI alone': boxWith({
    without:
      /^(?:VHS_.*|DW.*|Depth.*|Sam2.*|DownloadAndLoadSAM2.*|Blockify.*|DrawMask.*|ImageResizeKJ.*|.*GGUF|Onnx.*)$/,
  }),
  'an older ComfyUI with packs': boxWith({ without: /^(?:Video Slice|SAM3_.*|SDPose.*|RTDETR.*|CropBy.*)$/ }),
  'an older ComfyUI without VideoHelperSuite': boxWith({ without: /^(?:Video Slice|VHS_.*)$/ }),
  ...(shared ? { 'the live servers’': boxWith({ shared }) } : {}),
}

export const workflows = await openWorkflows(undefined)

export const ID = 'a'.repeat(64)
export const requestOf = (
  { card, check }: Workflow,
  tier: QualityTier,
  given: Partial<JobRequest> = {},
): JobRequest =>
  check({
    workflow: card.id,
    tier,
    inputs: Object.fromEntries(card.inputs.map(({ name }) => [name, ID])),
    parameters: {},
    sentence: '',
    ...given,
  })
export const FILES = { reference: 'understudy/ref.png', driving: 'understudy/clip (1).mp4' }
/** The graph that a box is sent. */
export function build(
  id: string,
  tier: QualityTier,
  given: Partial<JobRequest> = {},
  box = BOXES.everything,
): Graph {
  const workflow = workflows.find(id)
  if (!workflow) throw new Error(`There is no workflow ${id}.`)
  return workflow.build(requestOf(workflow, tier, given), FILES, objectInfoOf(box), 'understudy/run-1').graph
}
export const titled = (graph: Graph, title: string): GraphNode | undefined =>
  Object.values(graph).find(({ _meta }) => _meta?.title === title)
export const classes = (graph: Graph) => new Set(Object.values(graph).map(({ class_type }) => class_type))
