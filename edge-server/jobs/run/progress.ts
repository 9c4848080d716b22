/** From what a box tells about nodes to one number for the whole prompt, which never goes back. */
import type { Graph, GraphNode, PromptEvent } from '../../comfy/comfy'
import type { BuiltGraph } from '../../workflows/workflow'

/** Reports of one node that come closer together are left out, but for the last. */
const PAUSE_MS = 40

export type TellProgress = (fraction: number, doing: string) => void

/**
 * Hears the events of one prompt. `from` is what was reported before this server began to listen. Without a graph
 * only words are told.
 */
export function promptProgress(
  built: BuiltGraph | undefined,
  from: number,
  tell: TellProgress,
): (event: PromptEvent) => void {
  const weights = built ? weigh(built) : new Map<string, number>()
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0)
  const done = new Set<string>()
  let current: string | undefined
  let within = 0 // of the current node, 0..1
  let reached = from
  let said = ''
  let toldMs = 0

  function finish(id: string): void {
    done.add(id)
    // Whatever it was made from is done as well: so much is known even when listening began late.
    if (built) for (const before of sources(built.graph, [id])) done.add(before)
  }

  function enter(nodeId: string): void {
    const id = known(nodeId)
    if (id === current) return
    if (current !== undefined) finish(current)
    if (built) for (const before of sources(built.graph, [id])) if (before !== id) done.add(before)
    current = id
    within = 0
  }

  /** Nodes that a node grew while it ran are named after it. */
  const known = (nodeId: string) => (weights.has(nodeId) ? nodeId : (nodeId.split('.', 1)[0] ?? nodeId))

  function say(doing: string, isLast: boolean): void {
    let sum = current !== undefined && !done.has(current) ? (weights.get(current) ?? 0) * within : 0
    for (const id of done) sum += weights.get(id) ?? 0
    const fraction = Math.max(reached, total > 0 ? Math.min(1, sum / total) : 0)
    const nowMs = Date.now()
    if (fraction === reached && doing === said) return
    if (current === told && !isLast && nowMs - toldMs < PAUSE_MS) return
    told = current
    said = doing
    toldMs = nowMs
    reached = fraction
    tell(fraction, doing)
  }
  let told: string | undefined

  return (event) => {
    if (event.kind === 'started') say('Starting', true)
    else if (event.kind === 'cached') {
      for (const id of event.nodeIds) done.add(known(id))
      say(said || 'Starting', true)
    } else if (event.kind === 'node') {
      enter(event.nodeId)
      say(words(), true)
    } else if (event.kind === 'progress') {
      enter(event.nodeId)
      within = event.max > 0 ? Math.min(1, Math.max(0, event.value / event.max)) : 0
      const step = event.max > 1 && event.max <= 1000 ? `, step ${event.value} of ${event.max}` : ''
      say(words() + step, within === 1)
    }
  }

  function words(): string {
    return (current !== undefined && built?.doing.get(current)) || 'Working'
  }
}

/** What each node that will run weighs: sampling takes most of the time, whatever else there is, and the more the more steps it has. */
function weigh({ graph, outputs }: BuiltGraph): Map<string, number> {
  const running = sources(graph, outputs.keys())
  return new Map([...running].map((id) => [id, weight(graph[id])]))
}

function weight(node: GraphNode | undefined): number {
  const classType = node?.class_type ?? ''
  const steps = node?.inputs.steps
  if (/sampler(?!select)/i.test(classType)) return Math.max(24, typeof steps === 'number' ? 6 * steps : 0)
  if (/(encode|decode|detector|preprocessor|segmentation|faceswap|restore|composite)/i.test(classType))
    return 4
  return /(load|save|combine)/i.test(classType) ? 2 : 1
}

/** The nodes themselves and everything that they are made from. */
function sources(graph: Graph, ids: Iterable<string>): Set<string> {
  const found = new Set<string>()
  const open = [...ids]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = graph[id]
    if (!node || found.has(id)) continue
    found.add(id)
    for (const value of Object.values(node.inputs)) {
      // A link is [id of a node, which of its outputs].
      if (Array.isArray(value) && value.length === 2 && typeof value[0] === 'string') open.push(value[0])
    }
  }
  return found
}
