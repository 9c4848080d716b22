/** Which workflows a box can run now, and what is missing where none can. */
import type { Boxes } from '../comfy/boxes'
import type { ObjectInfo } from '../comfy/comfy'
import type { Missing, QualityTier } from '../jobs/job'
import type { Workflow } from '../workflows/workflow'
import type { Readiness } from './schemas'

/** For the quality asked for; a workflow keeps what it worked out, so that this may be asked as people type. */
export function readinessOf(workflow: Workflow, tier: QualityTier, boxes: Boxes): Readiness {
  const up = boxes.list.flatMap(({ name, health }) => {
    return health.name === 'up' ? [{ name, missing: missingOn(health.objectInfo, workflow, tier) }] : []
  })
  const ready = up.filter(({ missing }) => missing.length === 0).map(({ name }) => name)
  if (ready.length > 0) return { name: 'ready', boxes: ready }
  const nearest = up.toSorted((a, b) => a.missing.length - b.missing.length)[0]
  if (nearest) return { name: 'lacking', box: nearest.name, missing: [...nearest.missing] }
  return { name: 'noBox', reason: whyNone(boxes) }
}

function whyNone({ list }: Boxes): string {
  if (list.length === 0) {
    return 'No ComfyUI box is set up. Start the server with COMFYUI_URLS, for example COMFYUI_URLS=http://192.168.1.20:8188.'
  }
  if (list.some(({ health }) => health.name === 'unknown'))
    return 'The boxes are being asked; a moment please.'
  return list.length === 1 ? 'Your box does not answer.' : 'None of your boxes answers.'
}

/** As if every picture and video that must be there were. */
function missingOn(objectInfo: ObjectInfo, workflow: Workflow, tier: QualityTier): readonly Missing[] {
  const inputs = Object.fromEntries(
    workflow.card.inputs.filter(({ required }) => required).map(({ name }) => [name, '']),
  )
  return workflow.missing(
    { workflow: workflow.card.id, tier, inputs, parameters: {}, sentence: '' },
    objectInfo,
  )
}
