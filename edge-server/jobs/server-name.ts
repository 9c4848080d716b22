/** The name under which a server holds jobs in a file: it tells whether its process still runs. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'

/** Servers of this process, so that an earlier process with the same number is not taken for this one. */
const ours = new Set<string>()

export interface ServerName extends Disposable {
  readonly name: string
}

/** A name of its own, in use until it is disposed. */
export function serverName(): ServerName {
  const name = `${encodeURIComponent(hostname())}:${process.pid}:${randomUUID()}`
  ours.add(name)
  return { name, [Symbol.dispose]: () => void ours.delete(name) }
}

/** True where the server's process ran on this machine and has ended; false where nobody can tell. */
export function isGone(name: string): boolean {
  const [host, pid] = name.split(':')
  if (host !== encodeURIComponent(hostname())) return false
  if (Number(pid) === process.pid) return !ours.has(name)
  try {
    process.kill(Number(pid), 0) // asks, and sends nothing
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' // what kill throws; EPERM is somebody else's process
  }
}
