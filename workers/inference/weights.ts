/** The bytes of the registry's files: fetched from our own origin, and never used unless they are the right ones. */
import type { ModelEntry } from '../../models/registry'

/** Gives the file at `path` (as in the registry). Rejects with an Error named `WeightMissingError` when it cannot. */
export type ReadWeights = (path: string, signal?: AbortSignal) => Promise<ArrayBuffer>

/** Rejects with an Error named `WeightCorruptError` when size or SHA-256 are not the registry's. */
export async function loadWeights(
  entry: ModelEntry,
  signal?: AbortSignal,
  read: ReadWeights = readFromOrigin,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(await read(entry.path, signal))
  signal?.throwIfAborted()
  const digest = bytes.length === entry.bytes ? await sha256(bytes) : ''
  signal?.throwIfAborted()
  if (digest === entry.sha256) return bytes
  throw named('WeightCorruptError', `${entry.path} is not the file it should be.`)
}

async function readFromOrigin(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  const url = new URL(path, new URL(import.meta.env.BASE_URL, self.location.origin))
  try {
    const response = await fetch(url, signal ? { signal } : {})
    if (!response.ok) throw new Error(`The server answered ${response.status}.`)
    return await response.arrayBuffer()
  } catch (error) {
    signal?.throwIfAborted()
    throw named(
      'WeightMissingError',
      `${path} could not be fetched. ${error instanceof Error ? error.message : ''}`,
    )
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function named(name: string, message: string): Error {
  const error = new Error(message)
  error.name = name
  return error
}
