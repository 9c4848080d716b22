/** Runs one prompt as a real box does: which node is next, what is said when, what comes of a failure or an interrupt. */

import { createHash } from 'node:crypto'
import type { BoxSockets } from './box-sockets'
import type { Clock } from './clock'
import type { RawGraph, Version } from './prompt-problems'
import { runOrder } from './run-order'
import { type Saving, saveOutput } from './save-output'

export interface QueuedPrompt {
  readonly number: number
  readonly id: string
  readonly graph: RawGraph
  readonly extra: Readonly<Record<string, unknown>>
  readonly outputs: readonly string[]
  readonly clientId: string | undefined
}

/** How nodes behave, as a test sets it. */
export interface Behaviour {
  /** Milliseconds of a sampler's step, and how many there are; undefined: as many as the graph says. */
  stepMs: number
  steps: number | undefined
  /** Milliseconds of any other node. */
  nodeMs: number
  /** Whether samplers send previews. */
  previews: boolean
  /** Messages of the errors of node classes that fail. */
  readonly failing: Map<string, string>
}

export interface RunParts extends Saving {
  readonly clock: Clock
  readonly sockets: BoxSockets
  readonly version: Version
  readonly behaviour: Behaviour
  /** Results of the prompt before, by what made them (02_image_cached). */
  readonly cache: Map<string, NodeResult>
  /** Says once whether somebody asked for an interrupt. */
  takeInterrupt(): boolean
  /** Aborts when the process is killed. */
  readonly life: AbortSignal
}

export interface NodeResult {
  readonly ui: Readonly<Record<string, unknown>> | undefined
}

export interface Ending {
  readonly name: 'succeeded' | 'failed' | 'interrupted'
  readonly outputs: Readonly<Record<string, unknown>>
  readonly messages: readonly unknown[]
  readonly meta: Readonly<Record<string, unknown>>
}

class Interrupted extends Error {}

export async function runPrompt(prompt: QueuedPrompt, parts: RunParts): Promise<Ending> {
  const { sockets, behaviour, cache, clock, life } = parts
  const { id, graph, clientId } = prompt
  const messages: unknown[] = []
  const ui: Record<string, unknown> = {}
  const states: Record<string, ReturnType<typeof stateOf>> = {}
  const executed: string[] = []
  const steps = progressOf(prompt, parts, say)

  const signatures = signaturesOf(graph, parts)
  const wanted = new Set(signatures.values())
  for (const signature of cache.keys()) if (!wanted.has(signature)) cache.delete(signature)
  const isCached = (node: string) => cache.has(signatures.get(node) ?? '')

  note('execution_start', {})
  note('execution_cached', { nodes: Object.keys(graph).filter(isCached) })
  let nodeId = ''
  try {
    for (nodeId of runOrder(graph, prompt.outputs, parts.nodes, isCached)) {
      const cached = cache.get(signatures.get(nodeId) ?? '')
      if (cached) {
        // 02_image_cached: an output node that is cached tells its old file again, and is finished without having run.
        if (cached.ui) tellExecuted(nodeId, cached.ui)
        report(nodeId, 'finished', 1, 1)
        continue
      }
      report(nodeId, 'running', 0, 1)
      sockets.running = { clientId, nodeId }
      tell('executing', { node: nodeId, display_node: nodeId, prompt_id: id })
      // 07_interrupt_running: an interrupt takes effect when a node starts, and at each progress update.
      if (parts.takeInterrupt()) throw new Interrupted()
      const made = await execute(nodeId)
      if (made) tellExecuted(nodeId, made)
      const { max } = states[nodeId] ?? { max: 1 }
      report(nodeId, 'finished', max, max)
      executed.push(nodeId)
      cache.set(signatures.get(nodeId) ?? '', { ui: made })
    }
    note('execution_success', {})
    return ended('succeeded')
  } catch (error) {
    life.throwIfAborted()
    const about = { node_id: nodeId, node_type: graph[nodeId]?.class_type, executed }
    if (error instanceof Interrupted) {
      note('execution_interrupted', about)
      return ended('interrupted')
    }
    // 05_exec_error: everything about the box's insides is in here.
    note('execution_error', {
      ...about,
      exception_message: `${error instanceof Error ? error.message : error}\n`,
      exception_type: 'RuntimeError',
      traceback: ['  File "/srv/ComfyUI/execution.py", line 542, in execute\n'],
      current_inputs: { image: ['tensor([[[0.]]])'] },
      current_outputs: Object.keys(graph),
    })
    return ended('failed')
  } finally {
    sockets.running = undefined
  }

  async function execute(node: string): Promise<Record<string, unknown> | undefined> {
    const { class_type: classType = '', inputs = {} } = graph[node] ?? {}
    const count = steps.count(node)
    const stepMs = steps.milliseconds(node)
    for (let step = 1; step <= count; step++) {
      await clock.sleep(stepMs, life)
      if (parts.takeInterrupt()) throw new Interrupted()
      steps.report(node, step, count)
    }
    if (count === 0) await clock.sleep(behaviour.nodeMs, life)
    const failure = behaviour.failing.get(classType)
    if (failure !== undefined) throw new Error(failure)
    if (classType === 'EdgeTestFail') throw new Error(String(inputs.message))
    if (classType === 'SaveImageWebsocket') {
      steps.reportPicture(node)
      return undefined
    }
    return saveOutput(graph, node, parts)
  }

  function say(node: string, value: number, max: number, picture?: Picture) {
    const preview = picture && { ...picture, promptId: id, nodeId: node }
    report(node, 'running', value, max)
    if (preview) sockets.previewWithMetadata(preview, clientId)
    sockets.send('progress', { value, max, prompt_id: id, node }, clientId)
    if (preview) sockets.plainPreview(preview, clientId)
  }

  function report(node: string, state: string, value: number, max: number): void {
    states[node] = stateOf(id, node, state, value, max)
    sockets.send('progress_state', { prompt_id: id, nodes: states }, clientId)
  }

  function tellExecuted(node: string, output: Readonly<Record<string, unknown>>): void {
    ui[node] = output
    tell('executed', { node, display_node: node, output, prompt_id: id })
  }

  /** 08_two_clients: of a prompt without a client only states, progress and previews are sent; these go to everybody. */
  function tell(type: string, data: unknown): void {
    if (clientId !== undefined) sockets.send(type, data, clientId)
  }

  function note(type: string, data: Record<string, unknown>): void {
    const message = { prompt_id: id, ...data, timestamp: Date.now() }
    messages.push([type, message])
    tell(type, message)
  }

  function ended(name: Ending['name']): Ending {
    const meta = Object.fromEntries(
      Object.keys(ui).map((node) => [
        node,
        { node_id: node, display_node: node, parent_node: null, real_node_id: node },
      ]),
    )
    return { name, outputs: ui, messages, meta }
  }
}

function stateOf(promptId: string, node: string, state: string, value: number, max: number) {
  return {
    value,
    max,
    state,
    node_id: node,
    prompt_id: promptId,
    display_node_id: node,
    parent_node_id: null,
    real_node_id: node,
  }
}

type Say = (node: string, value: number, max: number, picture?: Picture) => void
interface Picture {
  readonly bytes: Uint8Array
  readonly type: 'image/jpeg' | 'image/png'
}

/** The steps of nodes that have some, and which of them are told. */
function progressOf(
  { graph, extra }: QueuedPrompt,
  { behaviour, clock, version, pictures }: RunParts,
  say: Say,
) {
  let toldMs = -Infinity
  let toldValue = 0
  const inputsOf = (node: string) => graph[node]?.inputs ?? {}
  const classOf = (node: string) => graph[node]?.class_type ?? ''
  const isProbe = (node: string) => classOf(node) === 'EdgeTestSlow'
  const isSampler = (node: string) => inputsOf(node).steps !== undefined
  const isOfPictures = (node: string) => {
    const [source] = [inputsOf(node).images].flat()
    return classOf(String(source)) === 'VHS_LoadImagesPath'
  }
  const isVideo = (node: string) => /^VHS_(LoadVideo|VideoCombine)/.test(classOf(node))

  return {
    count(node: string): number {
      if (isVideo(node)) return isOfPictures(node) ? 1 : 16 // frames of the clip in 18_vhs
      if (!isSampler(node)) return 0
      return (isProbe(node) ? undefined : behaviour.steps) ?? Number(inputsOf(node).steps)
    },
    milliseconds(node: string): number {
      if (isProbe(node)) return (Number(inputsOf(node).seconds) * 1000) / Number(inputsOf(node).steps)
      return isVideo(node) ? 0 : behaviour.stepMs
    },
    report(node: string, value: number, max: number): void {
      const hasPicture = isProbe(node)
        ? inputsOf(node).preview === true
        : isSampler(node) && behaviour.previews && extra.preview_method !== 'none'
      // 18_vhs: 0.26 skips what comes within 100 ms of the one before, but never the first, the last or one with a preview.
      const isSkipped =
        version === '0.26.0' && !hasPicture && value > 1 && value < max && clock.now() - toldMs < 100
      const isNews = Math.abs(value - toldValue) / max >= 0.005
      if (isSkipped || (!isNews && value !== max)) return
      toldMs = clock.now()
      toldValue = value
      say(node, value, max, hasPicture ? { bytes: pictures.preview, type: 'image/jpeg' } : undefined)
    },
    /** 10_previews: SaveImageWebsocket sends its picture as a preview, as PNG. */
    reportPicture: (node: string): void => say(node, 0, 1, { bytes: pictures.image, type: 'image/png' }),
  }
}

/** What a node's result depends on: its class and inputs, and those of all nodes before it. Files count by their bytes. */
function signaturesOf(graph: RawGraph, { files }: RunParts): Map<string, string> {
  const signatures = new Map<string, string>()
  for (const id of Object.keys(graph)) sign(id)
  return signatures

  function sign(id: string): string {
    const known = signatures.get(id)
    if (known !== undefined) return known
    const { class_type, inputs = {} } = graph[id] ?? {}
    signatures.set(id, '') // a cycle among nodes that no good output needs ends here
    const signed = Object.entries(inputs).map(([name, value]) => {
      if (Array.isArray(value) && graph[value[0]]) return [name, sign(String(value[0])), value[1]]
      return [name, value, typeof value === 'string' ? files.mark(value) : undefined]
    })
    const signature = createHash('sha1')
      .update(JSON.stringify([class_type, signed]))
      .digest('base64')
    signatures.set(id, signature)
    return signature
  }
}
