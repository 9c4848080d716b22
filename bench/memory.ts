/** How much memory a browser takes, all its processes together. */
import { readdirSync, readFileSync } from 'node:fs'

export interface MemoryWatch {
  /** MiB, the most since the last call of this. */
  peakMB(): number
  stop(): void
}

const EVERY_MS = 250

/**
 * Watches a process and everything it started: the sum of their proportional set sizes (what each holds in RAM, shared
 * pages by parts), as Linux counts them. Elsewhere it is NaN.
 */
export function watchMemory(pid: number): MemoryWatch {
  let peak = Number.NaN
  const look = () => {
    const now = sumOf(pid)
    if (!(now <= peak)) peak = now
  }
  look()
  const timer = setInterval(look, EVERY_MS)
  return {
    peakMB() {
      const most = peak
      peak = sumOf(pid)
      return most
    },
    stop: () => clearInterval(timer),
  }
}

function sumOf(pid: number): number {
  const children = childrenByParent()
  const waiting = [pid]
  let kB = 0
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    waiting.push(...(children.get(next) ?? []))
    kB += proportionalKB(next)
  }
  return kB > 0 ? kB / 1024 : Number.NaN
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>()
  for (const name of namesIn('/proc')) {
    const parent = /^\d+$/.test(name) ? /\) \S (\d+)/.exec(read(`/proc/${name}/stat`))?.[1] : undefined
    if (parent) children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(name)])
  }
  return children
}

const proportionalKB = (pid: number): number =>
  Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** '' for a process that has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
