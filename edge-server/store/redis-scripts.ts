/** Lua scripts that run inside Redis: each as one step that nothing else comes between. */
import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { ask } from './redis'

type Argument = string | number

/** Runs one of `scripts` by its name. Throws an Error named QueueUnavailableError. */
export function redisScripts<Name extends string>(redis: Redis, scripts: Readonly<Record<Name, string>>) {
  const hashes = new Map<string, string>()
  return (name: Name, keys: readonly string[], args: readonly Argument[]): Promise<unknown> => {
    const text = scripts[name]
    const hash = hashes.get(name) ?? createHash('sha1').update(text).digest('hex')
    hashes.set(name, hash)
    return ask(async () => {
      try {
        return await redis.evalsha(hash, keys.length, ...keys, ...args)
      } catch (error) {
        // Redis knows a script after it has seen its text once, until it is started again.
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
        return await redis.eval(text, keys.length, ...keys, ...args)
      }
    })
  }
}
