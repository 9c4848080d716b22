/** The built server as its own process, as a person starts it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const main = resolve(import.meta.dirname, '../../dist/server/main.js')

export interface Served extends AsyncDisposable {
  /** Without a slash at the end: http://127.0.0.1:43210 */
  readonly origin: string
  readonly pid: number
  /** Its data folder. */
  readonly dataFolder: string
  /** What the server wrote so far. */
  readonly output: () => string
  /**
   * Asks it to end, as Ctrl+C does (or kills it), and waits; gives its exit code, null where a signal had to end it. Stopping twice is
   * harmless.
   */
  readonly stop: (signal?: 'SIGINT' | 'SIGTERM' | 'SIGKILL') => Promise<number | null>
}

interface ServeOptions {
  /** A free one unless told which. */
  readonly port?: number
  /** More of the command line. */
  readonly args?: readonly string[]
  /** Its environment has nothing of ours (COMFYUI_URLS, …) but what stands here. */
  readonly env?: Readonly<Record<string, string>>
  /** Also by UNDERSTUDY_DATA in `env`. It stays when the server ends; without one the server gets a folder that goes with it. */
  readonly dataFolder?: string
}

/** Starts the built server; `npm run build` must have run. Never touches ~/.understudy. */
export async function serveBuilt({
  port = 0,
  args = [],
  env = {},
  dataFolder,
}: ServeOptions = {}): Promise<Served> {
  const lasting = dataFolder ?? env.UNDERSTUDY_DATA
  const folder = lasting ?? mkdtempSync(join(tmpdir(), 'understudy-data-'))
  const all = [main, '--port', String(port), '--data', folder, ...args]
  // By the channel it notices when this process is killed, and ends too.
  const child = spawn(process.execPath, all, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...foreignEnvironment(), ...env },
  })
  const exited = (once(child, 'exit') as Promise<[number | null]>).finally(() => {
    if (lasting === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (part: Buffer) => {
      output += part
    })
  }
  const origin = await listening(child, () => output)
  const stop = async (signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' = 'SIGTERM') => {
    child.kill(signal)
    const [code] = await exited
    return code
  }
  return {
    origin,
    pid: child.pid ?? Number.NaN,
    dataFolder: folder,
    output: () => output,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  }
}

/** Where it says that it is. */
function listening(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((found, failed) => {
    child.stdout?.on('data', () => {
      const [, address] = output().match(/is at (https?:\/\/\S+)\//) ?? []
      if (address) found(address)
    })
    child.on('error', failed)
    child.on('exit', (code) => failed(new Error(`The server ended with ${code}: ${output()}`)))
  })
}

function foreignEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(COMFYUI_|UNDERSTUDY_|REDIS_URL$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)))
}
