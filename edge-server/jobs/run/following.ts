/** A prompt that was sent: how it ended, or where the job goes on when its box does not say. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Comfy, Outcome, PromptEvent } from '../../comfy/comfy'
import { Refusal } from '../../errors'
import { MAX_SUBMISSIONS, type Prompt } from '../job'
import { boxErrorName } from './box-errors'
import { checkedRequest, fitsElsewhere } from './placement'
import { promptProgress } from './progress'
import { rebuilt } from './rebuilding'
import { fail, promptOf, type Run, type Step, tell, wait } from './run'
import { backoffMs } from './troubles'
import { broken } from './words'

/** Silence of a box that is not worth a word. */
const SILENCE_MS = 5_000
/** Previews that come closer together are left out. */
const PREVIEW_PAUSE_MS = 100

/** Waits for the end of the prompt. */
export async function followPrompt(run: Run): Promise<Step> {
  const { box } = promptOf(run)
  const outcome = await outcomeOf(run)
  if (!outcome) return 'over'
  if (outcome.name === 'failed') return fail(run, broken(outcome, box))
  if (outcome.name === 'interrupted') {
    const message = `Somebody interrupted this job on the box “${box}”. Retry it to run it again.`
    return fail(run, { name: 'Interrupted', message })
  }
  run.outcome = outcome
  await run.claim.move({ kind: 'fetch' })
  return 'next'
}

/** How the prompt ended; undefined where the job has failed or is back in the queue, because its box lost it. */
export async function outcomeOf(run: Run): Promise<Outcome | undefined> {
  const prompt = promptOf(run)
  run.place ??= run.parts.boxes.at(prompt.box)
  if (!run.place) return elsewhere(run, `The box “${prompt.box}” is no longer configured.`)
  const { comfy } = run.place
  const hear = await listener(run)
  const patienceMs = Math.min(SILENCE_MS, run.patience.boxMs)
  for (let failures = 0; ; ) {
    try {
      const end = await comfy.follow(prompt.promptId, hear, { patienceMs, signal: run.signal })
      if (end.name === 'ended') return end.outcome
      if (await isLost(run, comfy, prompt)) return lost(run)
    } catch (error) {
      const name = boxErrorName(error, run.signal)
      failures += 1
      const silentMs = name === 'BoxUnreachableError' ? patienceMs : 0
      if (!(await answersAgain(run, comfy, prompt, Date.now() - silentMs, failures))) {
        return elsewhere(run, `The box “${prompt.box}” stopped answering.`)
      }
    }
  }
}

/** Asks a box until it answers; false once it was silent for too long and another one could take the job. */
export async function answersAgain(
  run: Run,
  comfy: Comfy,
  { box, promptId }: Prompt,
  silentSinceMs: number,
  failuresBefore = 0,
): Promise<boolean> {
  run.parts.boxes.suspect(box)
  const before = await run.parts.jobs.progress(run.claim.job.id)
  for (let failures = failuresBefore; ; failures += 1) {
    if (Date.now() - silentSinceMs >= run.patience.boxMs && canMove(run, box)) return false
    tell(run, before?.fraction ?? 0, `Waiting for the box “${box}”, which does not answer`)
    await sleep(backoffMs(failures, run.patience.retryMs), undefined, { signal: run.signal })
    try {
      await comfy.whereabouts(promptId, run.signal)
      if (before) tell(run, before.fraction, before.doing)
      return true
    } catch (error) {
      boxErrorName(error, run.signal)
    }
  }
}

/** A prompt that a box did not know is asked for once more, a little later. */
async function isLost({ patience, signal }: Run, comfy: Comfy, { promptId }: Prompt): Promise<boolean> {
  await sleep(patience.askAgainMs, undefined, { signal })
  return (await comfy.whereabouts(promptId, signal)).name === 'unknown'
}

/** The box has neither the prompt nor its end: it is sent once more, to whichever box. */
async function lost(run: Run): Promise<undefined> {
  const prompt = promptOf(run)
  const { box } = prompt
  const { id, submissions } = run.claim.job
  run.doubtBoxes()
  if (run.isUncertain) await run.parts.jobs.abandoned.add(prompt) // should it arrive late
  if (submissions >= MAX_SUBMISSIONS) {
    const message = `The box “${box}” did not keep this job, and it was the second time. See that the boxes run, and retry.`
    await fail(run, { name: 'BoxLost', message })
    return
  }
  run.troubles.add(id, box, run.patience.retryMs) // another box is better, where there is one
  const what = run.isUncertain ? 'did not take this job' : 'was restarted and lost this job'
  await wait(run, { reason: `The box “${box}” ${what}. It is sent again.` })
}

/** Leaves the prompt behind, to be taken off when its box answers again, and queues the job for another box. */
export async function elsewhere(run: Run, why: string): Promise<undefined> {
  const prompt = promptOf(run)
  await run.parts.jobs.abandoned.add(prompt)
  if (run.claim.job.submissions >= MAX_SUBMISSIONS) {
    await fail(run, { name: 'BoxLost', message: `${why} It was the second box for this job. Retry it.` })
    return
  }
  run.troubles.add(run.claim.job.id, prompt.box, run.patience.waitMs)
  await wait(run, { reason: `${why} The job goes to another box.` })
}

function canMove({ claim, parts }: Run, box: string): boolean {
  const { request, submissions } = claim.job
  const workflow = parts.workflows.find(request.workflow)
  if (submissions >= MAX_SUBMISSIONS || !workflow) return false
  const checked = checkedRequest(workflow, request)
  return !(checked instanceof Refusal) && fitsElsewhere(parts.boxes, box, workflow, checked)
}

/** Tells progress and previews of the prompt, from where it was left off. */
async function listener(run: Run): Promise<(event: PromptEvent) => void> {
  const { claim, parts } = run
  const from = run.built ? 0 : ((await parts.jobs.progress(claim.job.id))?.fraction ?? 0)
  run.built ??= await rebuilt(run)
  if (from === 0) tell(run, 0, `In the queue of the box “${promptOf(run).box}”`)
  const hear = promptProgress(run.built, from, (fraction, doing) => tell(run, fraction, doing))
  let shownMs = 0
  return (event) => {
    if (event.kind !== 'preview') return hear(event)
    if (Date.now() - shownMs < PREVIEW_PAUSE_MS) return
    shownMs = Date.now()
    claim.preview({ type: event.type, bytes: event.bytes })
  }
}
