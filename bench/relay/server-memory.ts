/** What the server's process holds in memory while it passes on much, or many. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import type { BenchBox } from './box'
import type { BenchClient } from './client'
import { measureEvents, type Spread } from './latency'

const RESULT_BYTES = 2_000_000_000
const SAMPLE_MS = 20
const SOCKETS = 1000
const AT_ONCE = 50
/** Longer than the server takes to ask a socket twice whether it is there. */
const IDLE_MS = 65_000

/** Resident memory of a process, MiB; NaN where the system does not tell. */
function residentMB(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}

export interface Relayed {
  readonly resultMB: number
  /** The most while it was relayed, less what it was before. */
  readonly memoryGrowthMB: number
  readonly fetchS: number
  readonly downloadS: number
}

/** A large result: from the box to the server's disk, then to a client. */
export async function measureRelay(client: BenchClient, box: BenchBox, pid: number): Promise<Relayed> {
  await box.restart(RESULT_BYTES)
  const before = residentMB(pid)
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMB(pid))
  }, SAMPLE_MS)
  try {
    const { id } = await client.generate()
    await client.reached(id, 'fetching')
    const fetching = performance.now()
    const { results } = await client.reached(id, 'succeeded')
    const downloading = performance.now()
    const bytes = await client.download(results[0]?.url ?? '', undefined)
    const done = performance.now()
    if (bytes !== RESULT_BYTES) throw new Error(`${bytes} of ${RESULT_BYTES} bytes came.`)
    return {
      resultMB: bytes / 2 ** 20,
      memoryGrowthMB: peak - before,
      fetchS: (downloading - fetching) / 1000,
      downloadS: (done - downloading) / 1000,
    }
  } finally {
    clearInterval(watch)
  }
}

export interface IdleSockets {
  readonly opened: number
  readonly stillOpen: number
  readonly growthMB: number
  readonly perSocketKB: number
  /** Of another job, while they are open. */
  readonly eventMs: Spread
}

/** Many pages that look at a job at rest. */
export async function measureIdle(client: BenchClient, box: BenchBox, pid: number): Promise<IdleSockets> {
  await box.restart()
  const { id } = await client.generate()
  await client.reached(id, 'succeeded')
  const before = residentMB(pid)
  const sockets: WebSocket[] = []
  try {
    while (sockets.length < SOCKETS) {
      const some = Array.from({ length: AT_ONCE }, () => client.socket(`/ws/generate/${id}`))
      sockets.push(...some)
      await Promise.all(some.map((socket) => once(socket, 'message'))) // the full state
    }
    await sleep(IDLE_MS)
    const growthMB = residentMB(pid) - before
    const eventMs = await measureEvents(client, box)
    const stillOpen = sockets.filter(({ readyState, OPEN }) => readyState === OPEN).length
    return { opened: sockets.length, stillOpen, growthMB, perSocketKB: (growthMB * 1024) / SOCKETS, eventMs }
  } finally {
    for (const socket of sockets) socket.terminate()
  }
}
