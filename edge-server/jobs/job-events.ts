/** Who listens to what happens to jobs. */
import type { JobEvent } from './jobs'

type Listener = (event: JobEvent) => void

export interface JobEvents {
  watch(listener: Listener): Disposable
  /** Tells every listener, in the order in which they came; one that throws is logged and keeps nobody else from hearing. */
  tell(event: JobEvent): void
}

export function jobEvents(): JobEvents {
  const listeners = new Set<{ readonly hear: Listener }>()
  return {
    watch(hear) {
      const entry = { hear } // the same function may listen twice
      listeners.add(entry)
      return { [Symbol.dispose]: () => void listeners.delete(entry) }
    },
    tell(event) {
      for (const { hear } of [...listeners]) {
        try {
          hear(event)
        } catch (error) {
          console.error(error)
        }
      }
    },
  }
}
