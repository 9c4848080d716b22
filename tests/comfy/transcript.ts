/** Recorded talks with real servers, as far as they lie beside the project. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Version } from './prompt-problems'

/** `t`: seconds since the talk began. */
export type Entry = { readonly t: number } & (
  | { readonly dir: 'meta' | 'measured' }
  | { readonly dir: 'note'; readonly text: string }
  | { readonly dir: 'ws-open'; readonly socket: string; readonly url: string }
  | { readonly dir: 'ws-send'; readonly socket: string; readonly data: unknown }
  | { readonly dir: 'ws-close'; readonly socket: string; readonly code: number | null }
  | ({ readonly dir: 'ws'; readonly socket: string } & RecordedMessage)
  | ({ readonly dir: 'http-req' } & RecordedRequest)
  | ({ readonly dir: 'http-res' } & RecordedAnswer)
)

export interface RecordedMessage {
  readonly data?: { readonly type: string; readonly data: Readonly<Record<string, unknown>> }
  /** Bytes of a binary one, and the first of them in hex. */
  readonly binary?: number
  readonly header?: string
  readonly metadata?: Readonly<Record<string, unknown>>
}
export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly raw?: unknown
  readonly multipart?: readonly Part[]
}
export type Part =
  | { readonly name: string; readonly value: string }
  | {
      readonly name: string
      readonly filename: string
      readonly contentType: string
      readonly binary: number
    }
export interface RecordedAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly text?: string
  readonly binary?: number
  readonly error?: string
}

export interface Transcript {
  readonly name: string
  readonly entries: readonly Entry[]
}

export function readTranscripts(shared: string, version: Version): Transcript[] {
  const folder = join(shared, 'comfyui/transcripts', version)
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .map((file) => ({
      name: file.replace('.jsonl', ''),
      entries: readFileSync(join(folder, file), 'utf8')
        .trim()
        .split('\n')
        .map((line): Entry => JSON.parse(line)),
    }))
}

/** The answer to the request at `index`: the next one, as requests were made one after the other. */
export function answerTo(entries: readonly Entry[], index: number): RecordedAnswer {
  const answer = entries.slice(index).find((entry) => entry.dir === 'http-res')
  return answer?.dir === 'http-res' ? answer : {}
}

/** The number that the first prompt of a talk got; 0 where the server was fresh. */
export function firstNumber({ entries }: Transcript): number | undefined {
  for (const entry of entries) {
    const json = entry.dir === 'http-res' ? entry.json : undefined
    if (typeof json === 'object' && json !== null && 'number' in json) return Number(json.number)
  }
  return undefined
}

/** Graphs that a real server took. */
export function takenGraphs({ entries }: Transcript): unknown[] {
  return entries.flatMap((entry, index) =>
    entry.dir === 'http-req' && entry.path === '/prompt' && answerTo(entries, index).status === 200
      ? [entry.json]
      : [],
  )
}
