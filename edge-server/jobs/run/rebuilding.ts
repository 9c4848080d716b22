/** The graph of a prompt that was sent before this server took the job over. */
import type { BuiltGraph } from '../../workflows/workflow'
import { boxName, findInputs } from './inputs'
import { promptOf, type Run } from './run'
import { runName } from './sending'

/**
 * Built as it was when it was sent, for the names of its outputs and nodes; undefined where that is no longer possible, for
 * example because the workflow was removed. The prompt itself goes on untouched.
 */
export async function rebuilt(run: Run): Promise<BuiltGraph | undefined> {
  const { claim, parts, place, signal } = run
  const { request } = claim.job
  const workflow = parts.workflows.find(request.workflow)
  if (!workflow || !place) return undefined
  try {
    const objectInfo = place.objectInfo.size > 0 ? place.objectInfo : await place.comfy.objectInfo(signal)
    const inputs = (await findInputs(parts.files, request)) ?? new Map()
    const values = Object.fromEntries([...inputs].map(([name, file]) => [name, boxName(file)]))
    return workflow.build(workflow.check(request), values, objectInfo, runName(promptOf(run).promptId))
  } catch {
    signal.throwIfAborted()
    return undefined // the box does not answer, or the workflow no longer takes the request
  }
}
