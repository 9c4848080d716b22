import { spawn } from 'node:child_process'

/** Shows a page in the person's browser; where there is no way to, nothing happens: the address is printed anyway. */
export function openBrowser(url: string): void {
  const [command, ...args] = launcher(url)
  if (!command) return
  const child = spawn(command, args, { detached: true, stdio: 'ignore' })
  child.on('error', () => undefined)
  child.unref()
}

function launcher(url: string): string[] {
  if (process.platform === 'darwin') return ['open', url]
  if (process.platform === 'win32') return ['cmd', '/c', 'start', '', url]
  return ['xdg-open', url]
}
