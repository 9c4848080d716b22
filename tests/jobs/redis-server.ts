/** A real Redis for tests: on a free port, nothing kept, ended with the test. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface RedisServer extends AsyncDisposable {
  readonly url: string
  /** Ends it as a power cut would; resolves when it is gone. */
  kill(): Promise<void>
  /** Starts it again on the same port, with what it held when `save` was called last. */
  restart(): Promise<void>
  /** Writes what it holds to its folder, for restart(). */
  save(): Promise<void>
}

/** Why there is no Redis to test with; undefined where there is one. */
export const noRedis: string | undefined =
  spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0
    ? undefined
    : 'no redis-server here (on Debian: sudo apt-get install redis-server)'

export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-redis-'))
  const port = await freePort()
  let redis = await start(port, folder)
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => end(redis),
    async restart() {
      redis = await start(port, folder)
    },
    async save() {
      const saved = spawnSync('redis-cli', ['-p', String(port), 'save'], { encoding: 'utf8' })
      if (!saved.stdout.startsWith('OK'))
        throw new Error(`Redis did not save: ${saved.stdout}${saved.stderr}`)
    },
    async [Symbol.asyncDispose]() {
      await end(redis)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function start(port: number, folder: string): Promise<ChildProcess> {
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
  ]
  const redis = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] })
  process.once('exit', () => redis.kill('SIGKILL'))
  for await (const line of createInterface({ input: redis.stdout })) {
    if (line.includes('Ready to accept connections')) {
      redis.stdout.resume()
      return redis
    }
  }
  throw new Error(`redis-server did not start on port ${port}`)
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
