/** Bytes on their way into a folder of files: written under a name of their own until all of them are there and checked. */
import { createHash, randomUUID } from 'node:crypto'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ByteSource } from './files'
import { openSink } from './sink'

/** What was received. */
export interface Received {
  readonly sha256: string
  readonly bytes: number
}

/** Told of bytes before they are written; throws to refuse the rest. */
export type Watcher = (chunk: Uint8Array, bytesBefore: number) => void

const blockBytes = 1024 * 1024
const hour = 3_600_000
const day = 24 * hour

// Several servers may share a folder: the name says which one writes, so that the others leave it alone.
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const run = randomUUID().slice(0, 8)

/** A new path in the folder for bytes that are not checked yet. */
export const temporaryPath = (folder: string): string =>
  join(folder, `incoming-${host}-${process.pid}-${run}-${randomUUID()}`)

/** Removes what servers that no longer run have left: half received files, and files or sidecars without the other. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (/^[0-9a-f]{2}$/.test(name)) await removeHalves(path)
    const [prefix, itsHost, pid, itsRun] = name.split('-')
    if (prefix !== 'incoming') continue
    const isLeft = itsHost === host ? !isRunning(Number(pid), itsRun) : await isOlder(path, day)
    if (isLeft) await rm(path, { force: true })
  }
}

async function removeHalves(folder: string): Promise<void> {
  const names = new Set(await readdir(folder))
  for (const name of names) {
    const other = name.endsWith('.json') ? name.slice(0, -'.json'.length) : `${name}.json`
    const path = join(folder, name)
    // A fresh one may be what another server is storing at this moment.
    if (!names.has(other) && (await isOlder(path, hour))) await rm(path, { force: true })
  }
}

function isRunning(pid: number, itsRun: string | undefined): boolean {
  if (pid === process.pid) return itsRun === run
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // it is another user's
  }
}

async function isOlder(path: string, ms: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs > ms
}

/**
 * Writes a stream to a new file, hashing on the way; the bytes are on the disk when this returns. The file stays where this throws; the
 * stream does not.
 */
export async function receive(
  stream: ByteSource,
  path: string,
  watch: Watcher,
  signal: AbortSignal,
): Promise<Received> {
  const hash = createHash('sha256')
  const handle = await open(path, 'wx', 0o600)
  const sink = openSink(handle, 0)
  let bytes = 0
  try {
    for await (const chunk of abortable(stream, signal)) {
      watch(chunk, bytes)
      hash.update(chunk)
      bytes += chunk.length
      await sink.write(chunk)
    }
    await sink.end()
    return { sha256: hash.digest('hex'), bytes }
  } finally {
    await sink.settle()
    await handle.close()
  }
}

/** The chunks of a stream, which ends as soon as the signal aborts, or nobody wants more. */
async function* abortable(stream: ByteSource, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  signal.throwIfAborted()
  if ('getReader' in stream) return yield* readable(stream, signal)
  const abort = () => {
    if (stream instanceof Readable) stream.destroy(signal.reason)
  }
  signal.addEventListener('abort', abort, { once: true })
  try {
    yield* stream as AsyncIterable<Uint8Array> // a Readable without an encoding gives bytes
    signal.throwIfAborted()
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

async function* readable(stream: ReadableStream<Uint8Array>, signal: AbortSignal) {
  const reader = stream.getReader()
  const abort = () => void reader.cancel(signal.reason).catch(() => {})
  signal.addEventListener('abort', abort, { once: true })
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
    signal.throwIfAborted()
  } finally {
    signal.removeEventListener('abort', abort)
    await reader.cancel().catch(() => {}) // nothing, where it has ended
    reader.releaseLock()
  }
}

/** SHA-256 of a file on this disk. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const handle = await open(path)
  try {
    const block = Buffer.allocUnsafe(blockBytes)
    for (let at = 0; ; ) {
      signal.throwIfAborted()
      const { bytesRead } = await handle.read(block, 0, blockBytes, at)
      if (bytesRead === 0) return hash.digest('hex')
      hash.update(block.subarray(0, bytesRead))
      at += bytesRead
    }
  } finally {
    await handle.close()
  }
}
