/** The client to one ComfyUI box. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExecInfo, History, Queue, Refused, SystemStats, Taken } from './answers'
import { badAnswer } from './box-errors'
import { BoxHttp, defaultLimits, type Limits, parseAddress } from './box-http'
import { BoxSocket } from './box-socket'
import type { BoxConfig } from './boxes'
import type { Comfy, Graph, OutgoingFile, Whereabouts } from './comfy'
import { downloadFrom } from './download'
import { follow } from './follow'
import { ObjectInfoAnswer, parseObjectInfo } from './object-info'
import { outcomeOf } from './outcome'
import { refusalOf } from './refusal'
import { maxUploadBytes, uploadTo } from './upload'

/**
 * Opens nothing yet: connections are made when something is asked. The caller closes it. A box tells what a prompt does to the client it came
 * from: under the `clientId` of the last time, a server that was started anew goes on hearing. No two may have one at the same time.
 */
export function openComfy(
  { name, url }: Omit<BoxConfig, 'concurrency'>,
  limits: Partial<Limits> = {},
  clientId: string = randomUUID(),
): Comfy {
  const address = parseAddress(url)
  const all = { ...defaultLimits, ...limits }
  const http = new BoxHttp(name, address, all)
  const socket = new BoxSocket(address, all, clientId)
  let maxBytes = 0

  return {
    name,
    async load(signal) {
      const { exec_info } = await http.json({ path: '/prompt' }, ExecInfo, signal)
      return exec_info.queue_remaining
    },
    async version(signal) {
      const { system } = await http.json({ path: '/system_stats' }, SystemStats, signal)
      return system.comfyui_version
    },
    async objectInfo(signal) {
      return parseObjectInfo(await http.json({ path: '/object_info' }, ObjectInfoAnswer, signal))
    },
    async upload(file: OutgoingFile, signal) {
      // One that was too small may have been started anew with a larger limit.
      if (file.bytes >= maxBytes) maxBytes = await maxUploadBytes(http, signal)
      return uploadTo(http, file, maxBytes, signal)
    },
    submit,
    whereabouts,
    follow: (promptId, hear, options) =>
      follow({ name, socket, whereabouts, quietMs: all.quietMs }, promptId, hear, options),
    cancel,
    download: (file, signal) => downloadFrom(http, file, signal),
    forget: (promptId, signal) => change('/history', { delete: [promptId] }, signal),
    async close() {
      await socket.close()
      http.close()
    },
  }

  async function submit(graph: Graph, promptId: string, signal: AbortSignal): Promise<void> {
    await socket.open(signal)
    socket.expect(promptId)
    try {
      // Newer boxes make previews per prompt, as they are told here; older ones ignore it.
      const extra_data = { preview_method: 'auto' }
      const json = { prompt: graph, client_id: clientId, prompt_id: promptId, extra_data }
      const { status, value } = await http.jsonOf({ method: 'POST', path: '/prompt', json }, signal)
      if (status === 400) {
        const { error, node_errors } = http.parse(Refused, value)
        throw refusalOf(name, error, node_errors)
      }
      if (status !== 200) throw http.badStatus(status)
      const { prompt_id, node_errors } = http.parse(Taken, value)
      const isOther = prompt_id !== promptId
      const isPartial = Object.keys(node_errors).length > 0
      // 04_invalid: it would run what is left of a graph with a bad output. All of ours are wanted.
      if (isOther || isPartial) await cancel(prompt_id, signal)
      if (isPartial) throw refusalOf(name, undefined, node_errors)
      if (isOther) throw badAnswer(name, 'gave the prompt an id of its own; its ComfyUI is too old')
    } catch (error) {
      socket.forget(promptId)
      throw error
    }
  }

  /** History first: a prompt goes from the queue to the history, so one that was missed there is found the second time. */
  async function whereabouts(promptId: string, signal: AbortSignal): Promise<Whereabouts> {
    const ended = await inHistory(promptId, signal)
    if (ended) return ended
    const queue = await http.json({ path: '/queue' }, Queue, signal)
    if (queue.queue_running.includes(promptId)) return { name: 'running' }
    if (queue.queue_pending.includes(promptId)) return { name: 'pending' }
    return (await inHistory(promptId, signal)) ?? { name: 'unknown' }
  }

  async function inHistory(promptId: string, signal: AbortSignal): Promise<Whereabouts | undefined> {
    const history = await http.json({ path: `/history/${encodeURIComponent(promptId)}` }, History, signal)
    const entry = history[promptId]
    return entry && { name: 'ended', outcome: outcomeOf(entry) }
  }

  /**
   * Deleting reaches what is pending (06_cancel_pending), interrupting what runs (07_interrupt_running); each is ignored for the other. A
   * prompt that just starts may escape both, so it is looked at again.
   */
  async function cancel(promptId: string, signal: AbortSignal): Promise<void> {
    for (let tries = 0; tries < 3; tries++) {
      const where = await whereabouts(promptId, signal)
      if (where.name === 'pending') await change('/queue', { delete: [promptId] }, signal)
      // Never without the id: that would interrupt whatever runs.
      else if (where.name === 'running') await change('/interrupt', { prompt_id: promptId }, signal)
      else return
      await sleep(100, undefined, { signal })
    }
  }

  async function change(path: string, json: unknown, signal: AbortSignal): Promise<void> {
    const { status } = await http.jsonOf({ method: 'POST', path, json }, signal)
    if (status !== 200) throw http.badStatus(status)
  }
}
