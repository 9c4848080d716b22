/** What happens to jobs, told to every server over Redis: JSON on one channel, previews as bytes on another. */
import type { Redis } from 'ioredis'
import * as v from 'valibot'
import { ask } from '../store/redis'
import type { Job } from './job'
import { jobEvents } from './job-events'
import { parseJob } from './job-record'
import type { JobEvent, Preview, Progress } from './jobs'

/** A larger preview is not passed on: it is only a preview. */
const MAX_PREVIEW_BYTES = 4 * 2 ** 20

export const RedisProgress = v.object({ fraction: v.number(), doing: v.string(), atMs: v.number() })
const Told = v.variant('kind', [
  v.object({ kind: v.literal('changed'), job: v.pipe(v.unknown(), v.transform(parseJob)) }),
  v.object({ kind: v.literal('progress'), id: v.string(), progress: RedisProgress }),
  v.object({ kind: v.literal('removed'), id: v.string() }),
])

export interface RedisChannel extends AsyncDisposable {
  watch(listener: (event: JobEvent) => void): Disposable
  /** Progress is told in the order of its calls and after what was written before; lost while Redis is away. */
  report(id: string, progress: Progress): void
  preview(id: string, preview: Preview): void
}

/**
 * Listens on a connection of its own. What was told while that was gone is made up for by `current`: jobs as they are now.
 */
export async function openRedisChannel(
  redis: Redis,
  {
    channel,
    progressKey,
    current,
  }: { channel: string; progressKey: string; current: () => Promise<readonly Job[]> },
): Promise<RedisChannel> {
  const events = jobEvents()
  const previews = `${channel}:previews`
  const listening = redis.duplicate({
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
    lazyConnect: true,
  })
  listening.on('error', () => {}) // the other connection tells of it
  listening.on('messageBuffer', (name: Buffer, message: Buffer) => {
    try {
      events.tell(
        name.toString() === previews ? parsePreview(message) : v.parse(Told, JSON.parse(message.toString())),
      )
    } catch (error) {
      console.error(error) // not ours, or of another version
    }
  })
  await ask(() => listening.connect())
  await ask(() => listening.subscribe(channel, previews))
  let goneMs = 0
  listening.on('close', () => {
    goneMs ||= Date.now()
  })
  // Emitted after ioredis has asked for the channels again.
  listening.on('ready', () => void catchUp())

  return {
    watch: events.watch,
    report(id, progress) {
      redis.hset(progressKey, id, JSON.stringify(progress)).catch(lostOnTheWay)
      redis.publish(channel, JSON.stringify({ kind: 'progress', id, progress })).catch(lostOnTheWay)
    },
    preview(id, { type, bytes }) {
      if (bytes.byteLength > MAX_PREVIEW_BYTES) return
      const head = Buffer.from(`${id} ${type}\n`)
      redis.publish(previews, Buffer.concat([head, bytes])).catch(lostOnTheWay)
    },
    async [Symbol.asyncDispose]() {
      listening.disconnect()
    },
  }

  async function catchUp(): Promise<void> {
    const sinceMs = goneMs
    if (!sinceMs || listening.status !== 'ready') return
    try {
      const jobs = await current()
      goneMs = 0
      // A little earlier, for servers whose clocks differ.
      for (const job of jobs) if (job.changedMs > sinceMs - 5000) events.tell({ kind: 'changed', job })
    } catch (error) {
      // The other connection may come back a moment later than this one.
      if (error instanceof Error && error.name === 'QueueUnavailableError')
        setTimeout(() => void catchUp(), 250).unref()
      else console.error(error)
    }
  }
}

/** The next report or preview says it anew. */
function lostOnTheWay(): void {}

function parsePreview(message: Buffer): JobEvent {
  const end = message.indexOf('\n')
  const [id = '', type] = message.subarray(0, end).toString().split(' ')
  if (type !== 'image/jpeg' && type !== 'image/png') throw new Error('A preview came that is no picture.')
  return { kind: 'preview', id, preview: { type, bytes: new Uint8Array(message.subarray(end + 1)) } }
}
