/** Where a contract test keeps its jobs, and the other servers that it needs there. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Jobs } from '../../edge-server/jobs/jobs'

const root = resolve(import.meta.dirname, '../..')

export interface Place extends AsyncDisposable {
  /** One more server at this place; it is closed with the place. */
  open(options?: { leaseMs?: number }): Promise<Jobs>
  /** A server in a process of its own; see claiming-process.ts. It is killed with the place. */
  spawn(leaseMs: number): ClaimingProcess
}

export interface ClaimingProcess extends AsyncDisposable {
  /** The next line it says. */
  line(): Promise<string>
  /** Has it make a move. */
  poke(): void
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** Resolves when it is gone. */
  kill(): Promise<void>
}

/** A place where `open` opens a server, and the arguments with which another process does. */
export function makePlace(
  open: (leaseMs: number | undefined) => Promise<Jobs>,
  where: (leaseMs: number) => readonly string[],
  remove: () => Promise<void>,
): Place {
  const opened: Jobs[] = []
  const processes: ClaimingProcess[] = []
  return {
    async open({ leaseMs } = {}) {
      const jobs = await open(leaseMs)
      opened.push(jobs)
      return jobs
    },
    spawn(leaseMs) {
      const process = claimingProcess(where(leaseMs))
      processes.push(process)
      return process
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(processes.map((process) => process[Symbol.asyncDispose]()))
      await Promise.all(opened.map((jobs) => jobs.close()))
      await remove()
    },
  }
}

function claimingProcess(args: readonly string[]): ClaimingProcess {
  const script = ['scripts/run.mjs', 'tests/jobs/claiming-process.ts', ...args]
  const child: ChildProcess = spawn(process.execPath, script, {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  if (!child.stdout || !child.stdin) throw new Error('no pipes')
  const { stdin } = child
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async line() {
      const { value, done } = await lines.next()
      if (done) throw new Error('The other server ended.')
      return String(value)
    },
    poke: () => void stdin.write('\n'),
    signal: (name) => void child.kill(name),
    kill,
    [Symbol.asyncDispose]: kill,
  }

  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
}
