/** The built server as its own process, as a person starts it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

const main = resolve(import.meta.dirname, '../../dist/server/main.js')

export interface Served extends AsyncDisposable {
  /** Without a slash at the end: http://127.0.0.1:43210 */
  readonly origin: string
  /** What the server wrote so far. */
  readonly output: () => string
  /** Asks it to end, as Ctrl+C does, and waits; gives its exit code, null where a signal had to end it. Stopping twice is harmless. */
  readonly stop: (signal?: 'SIGINT' | 'SIGTERM') => Promise<number | null>
}

/** Starts the built server, on a free port unless told which; `npm run build` must have run. */
export async function serveBuilt(port = 0): Promise<Served> {
  // By the channel it notices when this process is killed, and ends too.
  const child = spawn(process.execPath, [main, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const exited = once(child, 'exit') as Promise<[number | null]>
  let output = ''
  const origin = await new Promise<string>((found, failed) => {
    const read = (part: Buffer) => {
      output += part
      const [, address] = output.match(/is at (http:\/\/\S+)\//) ?? []
      if (address) found(address)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.on('error', failed)
    child.on('exit', (code) => failed(new Error(`The server ended with ${code}: ${output}`)))
  })
  const stop = async (signal: 'SIGINT' | 'SIGTERM' = 'SIGTERM') => {
    child.kill(signal)
    const [code] = await exited
    return code
  }
  return { origin, output: () => output, stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}
