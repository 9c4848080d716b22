/** A graph as it comes, and what can be wrong with it as a whole (04_invalid). */

export type Version = '0.26.0' | '0.3.64'

export interface Problem {
  readonly type: string
  readonly message: string
  readonly details: string
  readonly extra_info: Readonly<Record<string, unknown>>
}
/** A graph before anything of it is known to be right. */
export type RawGraph = Readonly<
  Record<string, { class_type?: string; inputs?: Record<string, unknown>; _meta?: { title?: string } }>
>

/** The nodes of a cycle that is reached from `start`, in its order. */
export function findCycle(graph: RawGraph, start: string): readonly string[] | undefined {
  const done = new Set<string>()
  return search(start, [])

  function search(id: string, path: readonly string[]): readonly string[] | undefined {
    if (path.includes(id)) return path.slice(path.indexOf(id))
    if (done.has(id)) return undefined
    for (const value of Object.values(graph[id]?.inputs ?? {})) {
      const cycle =
        Array.isArray(value) && graph[value[0]] ? search(String(value[0]), [...path, id]) : undefined
      if (cycle) return cycle
    }
    done.add(id)
    return undefined
  }
}

export function cycleProblem(graph: RawGraph, cycle: readonly string[], id: string): Problem {
  const round = [...cycle, cycle[0] ?? ''].map((node) => `${node} (${graph[node]?.class_type})`).join(' -> ')
  return problem('dependency_cycle', 'Dependency cycle detected', round, { node_id: id, cycle_nodes: cycle })
}

export function unknownNode(id: string, node: RawGraph[string], version: Version): Problem {
  const details = `Node ID '#${id}'`
  if (version === '0.3.64') {
    const message = node.class_type
      ? `Cannot execute because node ${node.class_type} does not exist.`
      : 'Cannot execute because a node is missing the class_type property.'
    return problem('invalid_prompt', message, details, {})
  }
  const title = node._meta?.title ?? node.class_type
  const message = node.class_type
    ? `Node '${title}' not found. The custom node may not be installed.`
    : `Node 'ID #${id}' has no class_type. The workflow may be corrupted or a custom node is missing.`
  return problem('missing_node_type', message, details, {
    node_id: id,
    class_type: node.class_type ?? null,
    node_title: title ?? null,
  })
}

export function problem(
  type: string,
  message: string,
  details: string,
  extra_info: Problem['extra_info'],
): Problem {
  return { type, message, details, extra_info }
}
