/** A box that stands in for a real one, in another process, so that it takes no time from what measures. */
import { fork } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { resolve } from 'node:path'

const run = resolve(import.meta.dirname, '../../scripts/run.mjs')
const file = resolve(import.meta.dirname, 'box-process.ts')

export type BoxOrder =
  /** Starts, or starts again at the same address; results are this long, or as long as what was sent. */
  | { readonly kind: 'start'; readonly videoBytes?: number }
  | { readonly kind: 'hold' | 'release' }
  | { readonly kind: 'progress'; readonly value: number; readonly max: number }

export type BoxWord =
  | { readonly kind: 'started'; readonly url: string }
  /** A prompt arrives. */
  | { readonly kind: 'prompt'; readonly atMs: number }
  /** A step was told. */
  | { readonly kind: 'progress'; readonly value: number; readonly atMs: number }

export interface BenchBox extends Disposable {
  readonly url: string
  order(order: BoxOrder): void
  /** The next word of a kind. */
  hear<K extends BoxWord['kind']>(kind: K): Promise<Extract<BoxWord, { kind: K }>>
  /** Starts again at the same address. */
  restart(videoBytes?: number): Promise<void>
}

export async function startBenchBox(): Promise<BenchBox> {
  const child = fork(run, [file])
  const words = new EventEmitter()
  child.on('message', (word: BoxWord) => words.emit(word.kind, word))
  child.on('exit', (code) => words.emit('error', new Error(`The box ended with ${code}.`)))
  const order = (it: BoxOrder) => void child.send(it)
  const hear: BenchBox['hear'] = async (kind) => (await once(words, kind))[0]
  const started = hear('started')
  order({ kind: 'start' })
  const { url } = await started
  return {
    url,
    order,
    hear,
    async restart(videoBytes) {
      const again = hear('started')
      order({ kind: 'start', ...(videoBytes === undefined ? {} : { videoBytes }) })
      await again
    },
    [Symbol.dispose]() {
      child.removeAllListeners('exit')
      child.kill()
    },
  }
}
