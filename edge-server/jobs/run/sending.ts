/** From the queue to a box: a place, the input files, the graph, the prompt. */
import { randomUUID } from 'node:crypto'
import type { Place } from '../../comfy/boxes'
import { type ObjectInfo, RefusedError } from '../../comfy/comfy'
import { Refusal } from '../../errors'
import type { BuiltGraph, Workflow } from '../../workflows/workflow'
import type { JobRequest } from '../job'
import { boxErrorName } from './box-errors'
import { findInputs, outgoing, type StoredInputs } from './inputs'
import { checkedRequest, type Placement, placement } from './placement'
import { fail, type Run, type Step, tell, wait } from './run'
import { refused } from './words'

/** Answers that make no sense are borne this often before the job fails. */
const MAX_NONSENSE = 4
/** Milliseconds per job in the queue until one that found its boxes busy is looked at again; at least 50 of them. */
const BUSY_MS = 20

/** A job whose prompt was not sent yet, from its claim to the prompt on a box. */
export async function sendJob(run: Run, decided: () => void): Promise<Step> {
  const { claim, parts, troubles } = run
  run.place?.[Symbol.dispose]() // of an attempt that failed
  run.place = undefined
  const workflow = parts.workflows.find(claim.job.request.workflow)
  if (!workflow) return fail(run, gone('The workflow of this job is no longer installed.'))
  const request = checkedRequest(workflow, claim.job.request)
  if (request instanceof Refusal) {
    return fail(run, gone(`The workflow was changed since, and no longer takes this job: ${request.message}`))
  }
  const inputs = await findInputs(parts.files, request)
  if (!inputs) return fail(run, inputGone)
  run.signal.throwIfAborted()

  const choice = placement(parts.boxes, workflow, request, (box) => troubles.avoidMs(claim.job.id, box))
  if (choice.name === 'wait') {
    if (choice.why === 'unfit') run.doubtBoxes()
    return wait(run, choice.waiting, await delayMs(run, choice))
  }
  const { place } = choice
  run.place = place
  decided()
  await claim.move({ kind: 'prepare' })
  await claim.move({ kind: 'upload', box: place.comfy.name })
  const files = await upload(run, place, inputs)
  return typeof files === 'string' ? files : submit(run, place, workflow, request, files)
}

/** How long a job waits before it is looked at again; boxes that come or change wake it earlier. */
async function delayMs({ parts, patience }: Run, wait: Placement & { name: 'wait' }): Promise<number> {
  if (wait.why === 'avoided') return wait.avoidMs
  if (wait.why !== 'busy') return patience.waitMs
  // A place is free, but not for this job. The more there are like it, the less often each is looked at.
  const { queued } = await parts.jobs.counts()
  return Math.min(patience.waitMs, BUSY_MS * Math.max(50, queued))
}

/** The values for loader nodes by input name, or the step that follows because the files did not get there. */
async function upload(run: Run, place: Place, inputs: StoredInputs): Promise<Record<string, string> | Step> {
  const { files } = run.parts
  const values: Record<string, string> = {}
  for (const [name, file] of inputs) {
    const which = inputs.size > 1 ? `file ${Object.keys(values).length + 1} of ${inputs.size}` : 'the file'
    tell(run, 0, `Sending ${which}`)
    try {
      values[name] = await place.comfy.upload(outgoing(files, file), run.signal)
    } catch (error) {
      if (run.signal.aborted) throw error
      if (!(await files.find(file.id))) return fail(run, inputGone)
      return sendLater(run, place.comfy.name, error)
    }
  }
  return values
}

/** Nothing was started on the box; the job may go to any other, or to the same one a little later. */
async function sendLater(run: Run, box: string, error: unknown): Promise<Step> {
  const { claim, parts, troubles, patience } = run
  if (error instanceof RefusedError) return fail(run, refused(error, box, {}))
  const name = boxErrorName(error, run.signal)
  parts.boxes.suspect(box)
  const failures = troubles.add(claim.job.id, box, patience.retryMs)
  if (name === 'BoxAnswerError' && failures >= MAX_NONSENSE) {
    const message = `What answers as the box “${box}” does not answer as ComfyUI does. Look at it, and retry.`
    return fail(run, { name: 'BoxFailed', message })
  }
  const reason = `The box “${box}” stopped answering while files were sent to it. They are sent again.`
  return wait(run, { reason })
}

async function submit(
  run: Run,
  place: Place,
  workflow: Workflow,
  request: JobRequest,
  files: Record<string, string>,
): Promise<Step> {
  const { claim, parts } = run
  const { comfy, objectInfo } = place
  const promptId = randomUUID()
  const built = build(workflow, request, files, objectInfo, promptId)
  if (built instanceof Error) return fail(run, gone(`The workflow cannot be used as it is: ${built.message}`))
  run.built = built
  run.signal.throwIfAborted()
  // From here on the prompt may be on the box, whatever happens to this server.
  await claim.move({ kind: 'submit', promptId })
  claim.lost.throwIfAborted()
  run.isUncertain = true
  using patience = patienceAfter(claim.cancelled, run.patience.retryMs)
  try {
    await comfy.submit(built.graph, promptId, AbortSignal.any([run.halt, patience.signal]))
  } catch (error) {
    if (run.signal.aborted) throw error
    parts.boxes.suspect(comfy.name)
    if (!(error instanceof RefusedError)) return 'next' // whether it is there is found out by following it
    run.doubtBoxes()
    return fail(run, refused(error, comfy.name, built.graph))
  }
  run.isUncertain = false
  return 'next'
}

/** The graph, or what is wrong with the workflow's file. */
function build(
  workflow: Workflow,
  request: JobRequest,
  files: Record<string, string>,
  objectInfo: ObjectInfo,
  promptId: string,
): BuiltGraph | Error {
  try {
    return workflow.build(request, files, objectInfo, runName(promptId))
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowFault') return error
    throw error
  }
}

/** Aborts a while after the given signal: an answer that is on its way may still come. */
function patienceAfter(signal: AbortSignal, ms: number): Disposable & { readonly signal: AbortSignal } {
  const late = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const start = () => {
    timer = setTimeout(() => late.abort(), ms)
  }
  if (signal.aborted) start()
  else signal.addEventListener('abort', start, { once: true })
  return {
    signal: late.signal,
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal.removeEventListener('abort', start)
    },
  }
}

/** Names the outputs of a prompt: another one for each, so that nothing is answered from the box's cache. */
export const runName = (promptId: string): string => `understudy-${promptId}`

const gone = (message: string) => ({ name: 'WorkflowGone', message }) as const

const inputGone = {
  name: 'InputGone',
  message: 'A file of this job is no longer kept here. Add it again and make a new job.',
} as const
