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
    const { box, promptId } = state.prompt
    run.place ??= parts.boxes.at(box)
    const found = run.place ? await takeOff(run.place.comfy, promptId, patience.cancelMs, halt) : 'there'
    halt.throwIfAborted()
    // A box that does not answer, a node that does not stop, a prompt that may still arrive: seen to later.
    if (found === 'there' || (found === 'unknown' && run.isUncertain))
      await parts.jobs.abandoned.add(state.prompt)
  }
  await claim.move({ kind: 'cancel' })
}

/**
 * Takes a prompt off a box and makes sure of it: it has ended, or the box does not know it (any more). It may still be there where the box
 * needed longer than `patienceMs`.
 */
export async function takeOff(
  comfy: Comfy,
  promptId: string,
  patienceMs: number,
  signal: AbortSignal,
): Promise<'ended' | 'unknown' | 'there'> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  for (let pauseMs = 50; !inTime.aborted; pauseMs = Math.min(2 * pauseMs, 1000)) {
    try {
      const { name } = await comfy.whereabouts(promptId, inTime)
      if (name === 'unknown') return 'unknown'
      if (name === 'ended') {
        await comfy.forget(promptId, inTime)
        return 'ended'
      }
      // An interrupt is obeyed between two steps of a node only, and lost where the node has just ended: it is repeated.
      await comfy.cancel(promptId, inTime)
    } catch (error) {
      if (!inTime.aborted) boxErrorName(error, inTime)
    }
    await sleep(pauseMs, undefined, { signal: inTime }).catch(() => undefined)
  }
  return 'there'
}
