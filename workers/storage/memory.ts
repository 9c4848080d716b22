/** State that is stored with a job, so that work goes on where it stopped. It begins with what saved it, and which version. */
export interface Memory {
  readonly kind: string
}

/**
 * Takes back what this very kind of thing saved. Throws an Error named `MemoryOutdatedError` when it was saved by
 * something else, or by another version: it could not be continued with the same result.
 */
export function parseMemory<M extends Memory>(memory: unknown, kind: M['kind']): M {
  const saved = typeof memory === 'object' && memory !== null && 'kind' in memory ? memory.kind : undefined
  // Stored by this app under this kind, which is raised whenever its fields change.
  if (saved === kind) return memory as M
  const error = new Error(`Expected ${kind}, not ${String(saved)}.`)
  error.name = 'MemoryOutdatedError'
  throw error
}
