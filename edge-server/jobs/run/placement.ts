/** Which box takes a job now; and where none can, what to tell about it. */
import type { Box, Boxes, Place } from '../../comfy/boxes'
import { Refusal } from '../../errors'
import type { Workflow } from '../../workflows/workflow'
import type { JobRequest, Missing, Waiting } from '../job'

export type Placement =
  | { readonly name: 'place'; readonly place: Place }
  | {
      readonly name: 'wait'
      readonly waiting: Waiting
      readonly why: 'busy' | 'avoided' | 'unfit' | 'none'
      /** Milliseconds until the box that failed may be tried again. */
      readonly avoidMs: number
    }

/**
 * Takes a place on the best box. `avoidMs` tells of boxes that failed this job lately: milliseconds to leave them alone.
 */
export function placement(
  boxes: Boxes,
  workflow: Workflow,
  request: JobRequest,
  avoidMs: (box: string) => number,
): Placement {
  let avoidedMs = Number.POSITIVE_INFINITY
  const choice = boxes.choose((objectInfo, box) => {
    if (workflow.missing(request, objectInfo).length > 0) return false
    const ms = avoidMs(box)
    if (ms > 0) avoidedMs = Math.min(avoidedMs, ms)
    return ms === 0
  })
  if (choice.name === 'place') return choice
  const wait = (why: 'busy' | 'avoided' | 'unfit' | 'none', waiting: Waiting): Placement => ({
    name: 'wait',
    why,
    waiting,
    avoidMs: avoidedMs,
  })
  if (choice.name === 'busy') return wait('busy', { reason: ALL_BUSY })
  if (Number.isFinite(avoidedMs)) {
    return wait('avoided', { reason: 'It did not work a moment ago; it is tried again soon.' })
  }
  const nearest = choice.name === 'unfit' ? nearestBox(boxes.list, workflow, request) : undefined
  return nearest ? wait('unfit', lacks(nearest)) : wait('none', { reason: noBox(boxes.list) })
}

const ALL_BUSY = 'All boxes that can run this job are busy.'

/** The request with its defaults, or why the workflow no longer takes it. */
export function checkedRequest(workflow: Workflow, request: JobRequest): JobRequest | Refusal {
  try {
    return workflow.check(request)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

/** Whether another box than this one answers and could run the job, busy or not. */
export function fitsElsewhere(boxes: Boxes, box: string, workflow: Workflow, request: JobRequest): boolean {
  return boxes.list.some(
    ({ name, health }) =>
      name !== box && health.name === 'up' && workflow.missing(request, health.objectInfo).length === 0,
  )
}

function noBox(list: readonly Box[]): string {
  if (list.length === 0) {
    return 'No box is configured. Start the server with COMFYUI_URLS set to the address of a ComfyUI, and this job runs.'
  }
  const names = list.map(({ name }) => `“${name}”`)
  const [only] = names
  return names.length === 1
    ? `The box ${only} does not answer. The job starts as soon as it does.`
    : `None of the boxes answers (${names.join(', ')}). The job starts as soon as one does.`
}

interface Nearest {
  readonly box: string
  readonly missing: readonly Missing[]
}

/** The box that lacks least. */
function nearestBox(list: readonly Box[], workflow: Workflow, request: JobRequest): Nearest | undefined {
  const up = list.flatMap(({ name, health }) =>
    health.name === 'up' ? [{ box: name, missing: workflow.missing(request, health.objectInfo) }] : [],
  )
  return up.sort((a, b) => a.missing.length - b.missing.length)[0]
}

function lacks({ box, missing }: Nearest): Waiting {
  const [first] = missing
  if (!first) return { reason: ALL_BUSY }
  const more = missing.length > 1 ? ` and ${missing.length - 1} more` : ''
  const what = `the ${first.kind === 'model' ? 'model file' : 'node'} “${first.name}”${more}`
  return { reason: `The box “${box}” lacks ${what}. The job starts when it is there.`, missing }
}
