/** server-process.ts as one file, which starts in a moment; and what is done with the process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import type { ProcessPlan } from './server-process'

const root = resolve(import.meta.dirname, '../..')

export interface BuiltServer extends AsyncDisposable {
  start(plan: ProcessPlan): ChildProcess
}

/** Disposing it removes the file; processes are ended by whoever started them. */
export async function buildServer(name: string): Promise<BuiltServer> {
  // Within the project, so that its packages are found.
  const folder = join(root, `.cache/tests-jobs-${name}-${process.pid}`)
  await mkdir(folder, { recursive: true })
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: 'tests/jobs/server-process.ts',
      outDir: folder,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'server-process.mjs' } },
    },
  })
  return {
    start: (plan) =>
      spawn(process.execPath, [join(folder, 'server-process.mjs'), JSON.stringify(plan)], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Waits for the end of a server: the name of the signal that ended it, or its exit status. */
export async function deathOf(server: ChildProcess): Promise<string | number | null> {
  const timer = setTimeout(() => server.kill('SIGTERM'), 30_000) // it should have died long before
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
  clearTimeout(timer)
  return server.signalCode ?? server.exitCode
}
