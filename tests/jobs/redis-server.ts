/** A real Redis for tests: on a free port, in a folder of its own, ended with the test. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface RedisServer extends AsyncDisposable {
  readonly url: string
  /** Kills it; resolves when it is gone. */
  kill(): Promise<void>
  /** Starts it again on the same port; what it held is there again where it `keeps`. */
  restart(): Promise<void>
}

/** Why there is no Redis to test with; undefined where there is one. */
export const noRedis: string | undefined =
  spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0
    ? undefined
    : 'no redis-server here (on Debian: sudo apt-get install redis-server)'

/** Starts one. Nothing is written to disk unless it `keeps`. */
export async function startRedis({ keeps = false } = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-redis-'))
  const port = await freePort()
  const config = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: keeps ? 'yes' : 'no',
    appendfsync: 'no', // what it has written outlives its process, if not a power cut
  }
  let redis = await start(config)
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => end(redis),
    async restart() {
      redis = await start(config)
    },
    async [Symbol.asyncDispose]() {
      await end(redis)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function start(config: Readonly<Record<string, string | number>>): Promise<ChildProcess> {
  const options = Object.entries(config).flatMap(([name, value]) => [`--${name}`, String(value)])
  const redis = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] })
  const endWithUs = () => void redis.kill('SIGKILL')
  process.once('exit', endWithUs)
  redis.once('exit', () => process.off('exit', endWithUs))
  const said: string[] = []
  for await (const line of createInterface({ input: redis.stdout })) {
    said.push(line)
    if (!line.includes('Ready to accept connections')) continue
    redis.stdout.resume()
    return redis
  }
  throw new Error(`redis-server did not start:\n${said.join('\n')}`)
}

async function end(redis: ChildProcess): Promise<void> {
  if (redis.exitCode !== null || redis.signalCode !== null) return
  const gone = once(redis, 'exit')
  redis.kill('SIGKILL')
  await gone
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (!address || typeof address === 'string') throw new Error('no port')
  return address.port
}
