/** Prompts that were left on a box: taken off when it answers again. */
import type { Boxes } from '../../comfy/boxes'
import type { Jobs } from '../jobs'
import { takeOff } from './cancelling'

/** Until a prompt that a box does not know is believed not to come: it may have been on its way when it was left. */
const LATE_MS = 30_000

export interface Sweeper {
  /** Looks after what was left on a box that answers. Rejects where the queue does. */
  sweep(box: string, signal: AbortSignal): Promise<void>
}

export function sweeper({ abandoned }: Pick<Jobs, 'abandoned'>, boxes: Boxes, patienceMs: number): Sweeper {
  const unknownSinceMs = new Map<string, number>()
  const busy = new Set<string>()

  async function see(box: string, promptId: string, signal: AbortSignal): Promise<void> {
    using place = boxes.at(box)
    if (!place) return
    const found = await takeOff(place.comfy, promptId, patienceMs, signal)
    if (found === 'there') return
    if (found === 'unknown') {
      const sinceMs = unknownSinceMs.get(promptId) ?? Date.now()
      unknownSinceMs.set(promptId, sinceMs)
      if (Date.now() - sinceMs < LATE_MS) return
    }
    unknownSinceMs.delete(promptId)
    await abandoned.remove({ box, promptId })
  }

  return {
    async sweep(box, signal) {
      if (busy.has(box)) return
      busy.add(box)
      try {
        for (const promptId of await abandoned.on(box)) await see(box, promptId, signal)
      } finally {
        busy.delete(box)
      }
    },
  }
}
