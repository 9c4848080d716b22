/** The stand-in of a box in a process of its own, told what to do by the one that started it: see box.ts. */
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { type StandIn, startStandIn } from '../../tests/comfy/stand-in'
import type { BoxOrder, BoxWord } from './box'
import { nowMs } from './clock'

const workflows = import.meta.glob('../../edge-server/workflows/*.json', { eager: true, import: 'default' })
const steps = { steps: 4, stepMs: 0, previews: false } // as fast as it can: the box is not what is measured

let box: StandIn | undefined
let held: { release(): void } | undefined

const say = (word: BoxWord) => process.send?.(word)

// Before anything of the request is read, let alone answered.
subscribe('http.server.request.start', (message) => {
  const { request } = message as { request: IncomingMessage }
  if (request.method === 'POST' && request.url === '/prompt') say({ kind: 'prompt', atMs: nowMs() })
})

async function obey(order: BoxOrder): Promise<void> {
  if (order.kind === 'start') {
    const port = box ? Number(new URL(box.url).port) : 0
    await box?.close()
    const length = order.videoBytes === undefined ? {} : { videoBytes: order.videoBytes }
    box = await startStandIn({ ...steps, ...length, port, graphs: Object.values(workflows) })
    say({ kind: 'started', url: box.url })
  } else if (order.kind === 'progress') sendProgress(order.value, order.max)
  else if (order.kind === 'hold') held = box?.hold()
  else held?.release()
}

/** Says of the prompt that runs, which is held, that its sampler has come to a certain step. */
function sendProgress(value: number, max: number): void {
  const { id, graph } = box?.ran.at(-1) ?? {}
  const [node] = Object.entries(graph ?? {}).find(([, { inputs }]) => inputs?.steps !== undefined) ?? []
  const text = JSON.stringify({ type: 'progress', data: { value, max, prompt_id: id, node } })
  const atMs = nowMs()
  box?.sendRaw(text)
  say({ kind: 'progress', value, atMs })
}

process.on('message', (order) => {
  obey(order as BoxOrder).catch((error) => {
    console.error(error)
    process.exit(1)
  })
})
process.on('disconnect', () => process.exit())
