/** The end of a prompt that nobody wants any more. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Comfy } from '../../comfy/comfy'
import { boxErrorName } from './box-errors'
import type { Run } from './run'

/** Ends a job that somebody cancelled: first on its box, then here. */
export async function cancelJob(run: Run): Promise<void> {
  const { claim, parts, patience, halt } = run
  const { state } = claim.job
  if (state.name === 'running' || state.name === 'fetching') {
    run.place ??= parts.boxes.at(state.prompt.box)
    const isOff =
      run.place && (await takeOff(run.place.comfy, state.prompt.promptId, patience.cancelMs, halt))
    halt.throwIfAborted()
    // A box that does not answer, or a node that does not stop: somebody sees to it later.
    if (!isOff) await parts.jobs.abandoned.add(state.prompt)
  }
  await claim.move({ kind: 'cancel' })
}

/** Takes a prompt off a box and makes sure that it is gone; false where that took longer than `patienceMs`. */
export async function takeOff(
  comfy: Comfy,
  promptId: string,
  patienceMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const untilMs = Date.now() + patienceMs
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  for (let pauseMs = 50; Date.now() < untilMs; pauseMs = Math.min(2 * pauseMs, 1000)) {
    try {
      const { name } = await comfy.whereabouts(promptId, inTime)
      if (name === 'ended') await comfy.forget(promptId, inTime)
      if (name === 'ended' || name === 'unknown') return true
      // An interrupt is obeyed between two steps of a node only, and forgotten where the node has just ended: it is repeated.
      await comfy.cancel(promptId, inTime)
    } catch (error) {
      if (inTime.aborted) return false
      boxErrorName(error, inTime)
    }
    await sleep(pauseMs, undefined, { signal: inTime }).catch(() => undefined)
  }
  return false
}
