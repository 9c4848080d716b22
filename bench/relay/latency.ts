/** How long the server takes to pass things on: a job to the box, the box's word to the page. */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import { percentile } from '../numbers'
import type { BenchBox } from './box'
import type { BenchClient } from './client'
import { nowMs } from './clock'

export interface Spread {
  readonly p50: number
  readonly p95: number
}

const WARM_UP = 10
const JOBS = 100
const EVENTS = 200
/** Reports of one node that come closer together are left out by the server. */
const EVENT_PAUSE_MS = 60
const LOST_MS = 5000

export const spread = (ms: readonly number[]): Spread => ({
  p50: percentile(ms, 0.5),
  p95: percentile(ms, 0.95),
})

/** From sending POST /api/generate until the box's /prompt arrives: queue, checks, sending the inputs, all of it. */
export async function measureAdded(client: BenchClient, box: BenchBox): Promise<Spread> {
  const added: number[] = []
  for (let i = 0; i < WARM_UP + JOBS; i++) {
    const arriving = box.hear('prompt')
    const { id, sentMs } = await client.generate()
    const { atMs } = await arriving
    if (i >= WARM_UP) added.push(atMs - sentMs)
    await client.reached(id, 'succeeded')
  }
  return spread(added)
}

/** From the box's sending a progress message until a page's WebSocket hears of it. */
export async function measureEvents(
  client: BenchClient,
  box: BenchBox,
): Promise<Spread & { readonly lost: number }> {
  box.order({ kind: 'hold' })
  const { id } = await client.generate()
  await client.reached(id, 'running')
  const socket = client.socket(`/ws/generate/${id}`)
  await once(socket, 'message') // the full state
  const took: number[] = []
  let lost = 0
  for (let value = 1; value <= EVENTS; value++) {
    await sleep(EVENT_PAUSE_MS)
    const sent = box.hear('progress')
    const heard = heardStep(socket, value)
    box.order({ kind: 'progress', value, max: EVENTS + 1 })
    const { atMs } = await sent
    const heardMs = await heard
    if (heardMs === undefined) lost++
    else took.push(heardMs - atMs)
  }
  socket.terminate()
  box.order({ kind: 'release' })
  await client.reached(id, 'succeeded')
  return { ...spread(took), lost }
}

/** When a page hears of this step; undefined where it does not. */
function heardStep(socket: WebSocket, value: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const done = (atMs?: number) => {
      clearTimeout(timer)
      socket.off('message', hear)
      resolve(atMs)
    }
    const hear = (data: unknown, isBinary: boolean) => {
      const atMs = nowMs()
      if (!isBinary && String(data).includes(`step ${value} of`)) done(atMs)
    }
    const timer = setTimeout(done, LOST_MS)
    socket.on('message', hear)
  })
}
