/**
 * What the server adds to the box: the time until a job is there, until the page hears a word of it, the speed of large files, the memory
 * they take, and many pages that only look. The built server, a stand-in of a box and this measuring client are processes of their own.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { serveBuilt } from '../tests/browser/serve'
import { startBenchBox } from './relay/box'
import { openBenchClient } from './relay/client'
import { measureAdded, measureEvents } from './relay/latency'
import { measureIdle, measureRelay } from './relay/server-memory'
import { measureResult, measureUpload } from './relay/throughput'

/** On the disk of the project: what is called /tmp may be memory. */
const cache = resolve(import.meta.dirname, '../.cache')

export async function benchRelay(): Promise<object> {
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(resolve(cache, 'bench-relay-'))
  try {
    using box = await startBenchBox()
    const env = { COMFYUI_URLS: `bench=${box.url}` }
    await using server = await serveBuilt({ env, dataFolder: resolve(folder, 'data') })
    await using client = await openBenchClient(server.origin)
    const addedMs = await measureAdded(client, box)
    const eventMs = await measureEvents(client, box)
    const upload = await measureUpload(client, folder)
    const result = await measureResult(client, box, folder)
    const relayed = await measureRelay(client, box, server.pid)
    const idleSockets = await measureIdle(client, box, server.pid)
    return {
      bench: 'relay',
      addedMs,
      eventMs,
      uploadRatio: upload.ratio,
      resultRatio: result.ratio,
      memoryGrowthMB: relayed.memoryGrowthMB,
      idleSockets,
      upload,
      result,
      relayed,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
