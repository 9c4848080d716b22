/** The connection to Redis: it fails at once while Redis is away, and comes back by itself. */
import { Redis } from 'ioredis'

/** Connects; a call that takes longer than `answerMs` fails. Throws an Error named QueueUnavailableError with a sentence for whoever starts the server. */
export async function openRedis(url: string, answerMs: number): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    // While it is away a call fails instead of waiting, and none is sent twice.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: answerMs,
    connectTimeout: answerMs,
    retryStrategy: (times) => Math.min(50 * 2 ** times, 2000),
  })
  let reason = ''
  const hear = (error: Error) => {
    reason = error.message
  }
  redis.on('error', hear)
  try {
    await redis.connect()
  } catch (error) {
    redis.disconnect()
    throw unavailable(
      `Redis does not answer (${reason || String(error)}). Start it, or start without REDIS_URL.`,
      error,
    )
  }
  redis.off('error', hear)
  logOutages(redis)
  await warnOfForgetting(redis)
  return redis
}

/** By default Redis writes to disk only now and then. */
async function warnOfForgetting(redis: Redis): Promise<void> {
  const info = await redis.info('persistence').catch(() => '') // some hosts keep that to themselves
  if (!info.includes('aof_enabled:0')) return
  console.warn(
    'Redis does not write each change to disk: jobs are lost when it fails. Set "appendonly yes" there.',
  )
}

/** One line when it goes and one when it is back; also keeps its errors from ending the process. */
function logOutages(redis: Redis): void {
  let isAway = false
  const goes = (reason = 'the connection is gone') => {
    if (!isAway) console.error(`Redis does not answer (${reason}); it is tried again until it does.`)
    isAway = true
  }
  redis.on('error', (error: Error) => goes(error.message))
  redis.on('reconnecting', () => goes())
  redis.on('ready', () => {
    if (isAway) console.error('Redis is back.')
    isAway = false
  })
}

/** Runs a call to Redis; whatever it throws becomes an Error named QueueUnavailableError. */
export async function ask<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    // What Redis itself says begins with a word for the reason, such as OOM; of a connection there is nothing to add.
    const [reason] = error instanceof Error && error.name === 'ReplyError' ? error.message.split(' ') : []
    const answer = reason ? `refuses this now (Redis says ${reason})` : 'does not answer now'
    throw unavailable(`The queue ${answer}; try again in a moment.`, error)
  }
}

function unavailable(message: string, cause: unknown): Error {
  return Object.assign(new Error(message, { cause }), { name: 'QueueUnavailableError' })
}
