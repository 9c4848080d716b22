/** In which order a real box runs nodes: outputs as early as possible, else what leads to an output soonest (03_video, 20_toy_wan_vace). */
import type { NodeTable } from './node-info'
import type { RawGraph } from './prompt-problems'

export function* runOrder(
  graph: RawGraph,
  outputs: readonly string[],
  nodes: NodeTable,
  isCached: (id: string) => boolean,
): Generator<string> {
  const pending = new Map<string, Set<string>>() // what each still waits for
  const feeds = new Map<string, Set<string>>() // who waits for it
  for (const output of outputs) add(output)
  const isOutput = (id: string) => nodes.get(graph[id]?.class_type ?? '')?.isOutput === true

  while (pending.size > 0) {
    const ready = [...pending].filter(([, waits]) => waits.size === 0).map(([id]) => id)
    const next = pick(ready)
    if (next === undefined) return
    yield next
    pending.delete(next)
    for (const waits of pending.values()) waits.delete(next)
  }

  function add(output: string): void {
    const stack = [output]
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (pending.has(id)) continue
      const waits = new Set<string>()
      pending.set(id, waits)
      if (isCached(id)) continue
      for (const value of Object.values(graph[id]?.inputs ?? {})) {
        if (!Array.isArray(value) || isCached(String(value[0]))) continue
        const from = String(value[0])
        stack.push(from)
        waits.add(from)
        feeds.set(from, (feeds.get(from) ?? new Set()).add(id))
      }
    }
  }

  function pick(ready: readonly string[]): string | undefined {
    const fed = (id: string) => [...(feeds.get(id) ?? [])].filter((other) => pending.has(other))
    return (
      ready.find(isOutput) ??
      ready.find((id) => fed(id).some(isOutput)) ??
      ready.find((id) => fed(id).some((next) => fed(next).some(isOutput))) ??
      ready[0]
    )
  }
}
